/** How people of one language are called, the commonest names first, and how they are reached. */
export type Language = Readonly<{
  firstNames: readonly string[];
  lastNames: readonly string[];
  /** Rarer last names are made of these. */
  stems: readonly string[];
  endings: readonly string[];
  /** What joins two last names in one; absent where nobody has two. */
  joint?: string;
  domains: readonly string[];
  /** Country code and first digits of a mobile number; eight more follow. */
  phone: string;
  notes: readonly string[];
}>;

const list = (text: string): readonly string[] => text.split(', ');

export const LANGUAGES = {
  polish: {
    firstNames: list(
      'Anna, Katarzyna, Piotr, Maria, Krzysztof, Małgorzata, Andrzej, Agnieszka, Tomasz, Barbara, Paweł, Ewa, Jan, Michał, Magdalena, Marcin, Elżbieta, Joanna, Jakub, Aleksandra, Łukasz, Zofia, Grzegorz, Żaneta, Święcisława',
    ),
    lastNames: list(
      'Nowak, Kowalska, Wiśniewska, Wójcik, Kowalczyk, Kamińska, Lewandowska, Zielińska, Szymańska, Woźniak, Dąbrowska, Kozłowska, Mazur, Jankowska, Kwiatkowska, Krawczyk, Wojciechowska, Piotrowska, Grabowska, Pawłowska, Źrebiec, Ćwiąkała',
    ),
    stems: list(
      'Brzęcz, Chrząszcz, Dobrow, Gąsior, Jabłoń, Kociemb, Łącz, Miłosz, Ogrodow, Pszczół, Rybick, Szczepan, Trzebiat, Wilkosz, Żółtow',
    ),
    endings: list('ski, ska, ewicz, owicz, czyk, ak, ek, owska, yński, ka, iak'),
    joint: '-',
    domains: list('gmail.com, wp.pl, o2.pl, onet.pl, interia.pl, poczta.example.pl'),
    phone: '485',
    notes: list(
      'Woli poranki., Uczulona na lateks., Prosi o SMS dzień wcześniej., Płaci kartą., Stała klientka od lat.',
    ),
  },
  ukrainian: {
    firstNames: list(
      'Олена, Наталія, Олександр, Ірина, Тетяна, Сергій, Андрій, Оксана, Марія, Юлія, Володимир, Світлана, Дмитро, Катерина, Ганна, Михайло, Людмила, Богдан, Софія, Злата, Їжакевич',
    ),
    lastNames: list(
      'Шевченко, Мельник, Коваленко, Бондаренко, Бойко, Ткаченко, Кравченко, Ковальчук, Коваль, Олійник, Шевчук, Поліщук, Лисенко, Савченко, Петренко, Руденко, Марченко, Мороз, Клименко, Гриценко, Дем’яненко',
    ),
    stems: list('Гай, Дуб, Захар, Івасю, Калини, Левч, Назар, Остап, Панас, Ярем, Явор, Терен'),
    endings: list('енко, чук, ук, ич, івський, юк, ець, аренко, ійчук'),
    domains: list('gmail.com, ukr.net, i.ua, meta.ua'),
    phone: '3809',
    notes: list('Телефонувати після п’ятої., Розмовляє українською та польською., Алергія на аміак.'),
  },
  german: {
    firstNames: list(
      'Peter, Maria, Michael, Sabine, Thomas, Monika, Andreas, Petra, Wolfgang, Ursula, Claus, Susanne, Jürgen, Karin, Stefan, Jörg, Anke, Björn, Käthe, Günther, Anneliese',
    ),
    lastNames: list(
      'Müller, Schmidt, Schneider, Fischer, Weber, Meyer, Wagner, Becker, Schulz, Hoffmann, Schäfer, Koch, Bauer, Richter, Klein, Wolf, Schröder, Neumann, Schwarz, Zimmermann, Groß, von der Heide, Weiß',
    ),
    stems: list('Acker, Birn, Dörr, Eichen, Föhr, Grün, Hölder, Lüden, Ober, Rosen, Stein, Wüst'),
    endings: list('mann, bauer, scheidt, berger, hoff, lein, meister, thal, bach, müller, hausen'),
    joint: '-',
    domains: list('gmail.com, gmx.de, web.de, t-online.de, freenet.de'),
    phone: '49151',
    notes: list('Kommt immer zu früh., Möchte nur bei Frau Schäfer einen Termin., Rechnung per Post.'),
  },
  french: {
    firstNames: list(
      'Marie, Jean, Nathalie, Pierre, Isabelle, Michel, Sylvie, Philippe, Catherine, Éric, Françoise, Jean-Luc, Chloé, Anaïs, Thérèse, Noël, Hélène, Benoît, Zoé, Gaëlle',
    ),
    lastNames: list(
      'Martin, Bernard, Thomas, Petit, Robert, Richard, Durand, Dubois, Moreau, Laurent, Simon, Michel, Lefèvre, Leroy, Roux, David, Bertrand, Morel, Fournier, Girard, D’Arcy, L’Hôpital, Lefébure',
    ),
    stems: list('Beau, Châte, Dela, Fontai, Gran, Mont, Père, Roche, Saint-Aub, Vill, Boulan'),
    endings: list('champ, fort, lain, mont, neau, quier, taine, vaux, gère, court, in'),
    joint: '-',
    domains: list('gmail.com, orange.fr, free.fr, laposte.net, wanadoo.fr'),
    phone: '336',
    notes: list('Préfère le samedi., Allergique aux noix., À rappeler avant midi.'),
  },
  spanish: {
    firstNames: list(
      'María, José, Antonio, Carmen, Ana, Manuel, Francisco, Isabel, Laura, David, Lucía, Javier, Íñigo, Begoña, Ángel, Rocío, Núria, Jesús, Concepción, Ximena',
    ),
    lastNames: list(
      'García, Rodríguez, González, Fernández, López, Martínez, Sánchez, Pérez, Gómez, Martín, Jiménez, Ruiz, Hernández, Díaz, Moreno, Muñoz, Álvarez, Romero, Alonso, Gutiérrez, Núñez, O’Donnell',
    ),
    stems: list('Aguir, Barr, Cañ, Echeb, Goiri, Ibar, Lizarr, Mend, Otxo, Peñal, Urr, Zabal'),
    endings: list('era, ios, izábal, arría, ola, eta, uren, alde, osa, oechea, iz'),
    joint: ' ',
    domains: list('gmail.com, hotmail.es, yahoo.es, telefonica.net'),
    phone: '346',
    notes: list('Sólo por la tarde., Pide siempre la misma sala., Avisar por teléfono.'),
  },
  vietnamese: {
    firstNames: list(
      'Anh, Linh, Hương, Minh, Hà, Lan, Tuấn, Hùng, Thảo, Trang, Dũng, Hằng, Phương, Quỳnh, Đức, Thành, Ngọc, Yến, Khánh, Vy',
    ),
    lastNames: list(
      'Nguyễn, Trần, Lê, Phạm, Hoàng, Huỳnh, Phan, Vũ, Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Đào, Trịnh',
    ),
    stems: list('Tôn, Âu, Quách, Mạc, Tạ, Thạch, Lương, Đoàn, Cao, Châu'),
    endings: list(' Thị,  Văn,  Hữu,  Đình,  Quang,  Ngọc,  Xuân'),
    domains: list('gmail.com, yahoo.com.vn, fpt.vn'),
    phone: '849',
    notes: list('Thích buổi sáng., Nói tiếng Việt và tiếng Ba Lan.'),
  },
  turkish: {
    firstNames: list(
      'Fatma, Mehmet, Ayşe, Mustafa, Emine, Ahmet, Hatice, Ali, Zeynep, Hüseyin, Elif, Hasan, Şerife, İbrahim, Gülşen, Çağla, Ömer, Işıl, Uğur, Özge',
    ),
    lastNames: list(
      'Yılmaz, Kaya, Demir, Çelik, Şahin, Yıldız, Yıldırım, Öztürk, Aydın, Özdemir, Arslan, Doğan, Kılıç, Aslan, Çetin, Kara, Koç, Kurt, Özkan, Şimşek',
    ),
    stems: list('Ak, Bay, Çalış, Dağ, Gök, Kızıl, Öz, Sarı, Taş, Uysal, Yağ'),
    endings: list('oğlu, can, demir, gil, kaya, türk, tepe, alp, soy, çı, bulut'),
    domains: list('gmail.com, hotmail.com.tr, mynet.com'),
    phone: '9053',
    notes: list('Sabah aranmasın., Kahve sever.'),
  },
  english: {
    firstNames: list(
      'James, Mary, John, Patricia, Robert, Jennifer, Michael, Linda, David, Elizabeth, William, Susan, Emma, Siobhán, Zoë, Renée, D’Angelo, Mary-Jane, Chloe, Xanthe',
    ),
    lastNames: list(
      'Smith, Jones, Williams, Brown, Taylor, Davies, Evans, Wilson, Johnson, Roberts, Walker, Wright, Thompson, White, Hughes, Edwards, Green, O’Connor, O’Neill, McDonald, St. John, Brontë',
    ),
    stems: list('Ash, Black, Cart, Dunn, Fair, Hather, Kings, Light, Mac, Nether, Thorn, Win'),
    endings: list('wright, ley, ton, field, worth, more, sby, croft, ham, chester, stone'),
    joint: '-',
    domains: list('gmail.com, outlook.com, yahoo.co.uk, icloud.com, btinternet.com'),
    phone: '4477',
    notes: list('Prefers mornings., Allergic to latex., Pays by card., Bring the invoice of last time.'),
  },
} as const satisfies Readonly<Record<string, Language>>;
