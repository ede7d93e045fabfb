/** A name as it is written, and in Latin letters where it is written in others. */
type Name = string | readonly [written: string, latin: string];

/** Five first names, five last names and a note that people of one language have. */
type Language = Readonly<{ first: readonly Name[]; last: readonly Name[]; note: string }>;

/** Common names: nobody in particular. */
export const LANGUAGES: readonly Language[] = [
  {
    first: ['Zofia', 'Łukasz', 'Agnieszka', 'Wojciech', 'Małgorzata'],
    last: ['Wiśniewska', 'Dąbrowski', 'Wójcik', 'Kamiński', 'Zając'],
    note: 'Prosi o przypomnienie dzień wcześniej.',
  },
  {
    first: ['Jürgen', 'Katharina', 'Björn', 'Heike', 'Günther'],
    last: ['Müller', 'Schäfer', 'Großmann', 'Weiß', 'Köhler'],
    note: 'Kommt am liebsten morgens.',
  },
  {
    first: [
      ['Олена', 'Olena'],
      ['Андрій', 'Andrii'],
      ['Наталія', 'Nataliia'],
      ['Юрій', 'Yurii'],
      ['Ірина', 'Iryna'],
    ],
    last: [
      ['Шевченко', 'Shevchenko'],
      ['Коваленко', 'Kovalenko'],
      ['Бондаренко', 'Bondarenko'],
      ['Ткачук', 'Tkachuk'],
      ['Мельник', 'Melnyk'],
    ],
    note: 'Розмовляє українською та польською.',
  },
  {
    first: ['Hélène', 'François', 'Chloé', 'Rémi', 'Zoé'],
    last: ['Lefèvre', 'Dupré', 'Béranger', 'Chevalier', 'Noël'],
    note: 'Préfère le fauteuil près de la fenêtre.',
  },
  {
    first: ['Lucía', 'Íñigo', 'Begoña', 'Martín', 'Concepción'],
    last: ['Núñez', 'García', 'Ibáñez', 'Muñoz', 'Jiménez'],
    note: 'Alergia a los frutos secos.',
  },
  {
    first: ['Jiří', 'Tereza', 'Ondřej', 'Šárka', 'Zdeněk'],
    last: ['Dvořák', 'Nováková', 'Němec', 'Procházka', 'Růžička'],
    note: 'Platí kartou.',
  },
  {
    first: ['Søren', 'Freja', 'Jørgen', 'Åse', 'Mads'],
    last: ['Jørgensen', 'Østergaard', 'Kjær', 'Madsen', 'Nørgaard'],
    note: 'Kommer med sin datter.',
  },
  {
    first: ['Ayşe', 'Çağlar', 'Gülşen', 'Ömer', 'İrem'],
    last: ['Yıldız', 'Öztürk', 'Şahin', 'Çelik', 'Doğan'],
    note: 'Çay sever.',
  },
  {
    first: [
      ['Ελένη', 'Eleni'],
      ['Γιώργος', 'Giorgos'],
      ['Κατερίνα', 'Katerina'],
      ['Νίκος', 'Nikos'],
      ['Σοφία', 'Sofia'],
    ],
    last: [
      ['Παπαδοπούλου', 'Papadopoulou'],
      ['Οικονόμου', 'Oikonomou'],
      ['Γεωργίου', 'Georgiou'],
      ['Νικολάου', 'Nikolaou'],
      ['Δημητρίου', 'Dimitriou'],
    ],
    note: 'Έρχεται κάθε δεύτερη Παρασκευή.',
  },
  {
    first: [
      ['ليلى', 'Layla'],
      ['يوسف', 'Yusuf'],
      ['مريم', 'Maryam'],
      ['عمر', 'Omar'],
      ['نور', 'Nour'],
    ],
    last: [
      ['حداد', 'Haddad'],
      ['خوري', 'Khoury'],
      ['نجار', 'Najjar'],
      ['منصور', 'Mansour'],
      ['سلامة', 'Salameh'],
    ],
    note: 'يفضل المواعيد بعد الظهر.',
  },
  {
    first: [
      ['さくら', 'Sakura'],
      ['健太', 'Kenta'],
      ['美咲', 'Misaki'],
      ['大輔', 'Daisuke'],
      ['由美子', 'Yumiko'],
    ],
    last: [
      ['佐藤', 'Sato'],
      ['鈴木', 'Suzuki'],
      ['高橋', 'Takahashi'],
      ['田中', 'Tanaka'],
      ['渡辺', 'Watanabe'],
    ],
    note: '静かな席を希望。',
  },
  {
    first: ['Grace', 'Oliver', 'Charlotte', 'Harry', 'Imogen'],
    last: ['O’Connor', 'Smith-Jones', 'Whitaker', 'Ashworth', 'Fairclough'],
    note: 'Asks for the same stylist each time.',
  },
];

const written = (name: Name): string => (typeof name === 'string' ? name : name[0]);

/** Letters that Unicode does not take apart. */
const OTHER_LETTERS: Readonly<Record<string, string>> = {
  ...{ ł: 'l', ß: 'ss', ø: 'o', æ: 'ae', ı: 'i', å: 'a' },
};

const latin = (name: Name): string =>
  (typeof name === 'string' ? name : name[1])
    .toLowerCase()
    .replaceAll(/./gu, (letter) => OTHER_LETTERS[letter] ?? letter)
    .normalize('NFD')
    .replaceAll(/[^a-z-]/g, '');

/** A person of a language, and the part of an email before the @. */
export type InventedName = Readonly<{ firstName: string; lastName: string; mailbox: string; note: string }>;

const FIRST_NAMES = 5;

/** The names of one person; each number up to 300 has others. */
export const inventedName = (number: number): InventedName => {
  const language = LANGUAGES[number % LANGUAGES.length];
  const combination = Math.floor(number / LANGUAGES.length);
  const first = language?.first[combination % FIRST_NAMES];
  const last = language?.last[Math.floor(combination / FIRST_NAMES)];
  if (language === undefined || first === undefined || last === undefined)
    throw new Error(`There is no invented name ${String(number)}.`);
  return {
    ...{ firstName: written(first), lastName: written(last), note: language.note },
    mailbox: `${latin(first)}.${latin(last)}`,
  };
};
