import { describe, expect, it } from '@jest/globals';
import { type CodePage, codePageOf } from '#infra/ops/import/code-pages.ts';
import { randomOf } from '#test/bench/scale/random.ts';

/** Made-up customers, as short lists hold them. */
const LISTS: Readonly<Record<string, readonly [CodePage, string]>> = {
  Polish: [
    'windows-1250',
    'Łucja Żółć|Anna Kowalska|Paweł Wiśniewski|Małgorzata Dąbrowska|Józef Wójcik|Michał Zieliński|Jan Nowak|Grażyna Król|Kamil Gołąb|Agnieszka Pająk|Ewa Ćwik|Zofia Święch|Adam Kamiński|Ola Źrebiec|Bożena Pręgowska|Łukasz Kępa|Iga Zając',
  ],
  Ukrainian: [
    'windows-1251',
    'Олена Шевченко|Юрій Їжак|Марія Коваль|Іван Бойко|Ганна Ткач|Ольга Кравець|Андрій Мельник|Ґанна Єфименко|Євген Щерба|Їлія Юхно',
  ],
  Russian: [
    'windows-1251',
    'Алёна Иванова|Пётр Смирнов|Анна Попова|Ольга Соколова|Эльвира Цой|Яна Жук|Илья Чехов|Артём Быков|Юлия Ёлкина|Фёдор Объедков|Ян Эм',
  ],
  German: [
    'windows-1252',
    'Jürgen Müller|Sören Groß|Anna Schmidt|Käthe Köhler|Jörg Weiß|Björn Schäfer|Änne Übel|Jens Bär|Ute Höß|Kai Öttinger',
  ],
  Danish: [
    'windows-1252',
    'Søren Jensen|Åse Kjær|Jørgen Østergaard|Anders Møller|Bjørn Nørgaard|Dorthe Bøgh|Ægir Madsen|Pia Høj|Kåre Sørensen|Åge Skov|Lærke Krogh|Mikkel Kiær|Tove Bøe|Jens Møen',
  ],
  English: [
    'windows-1252',
    'Chloé Smith|Zoë Jones|Sean O’Neill|René Brown|Siân Evans|Anaïs Doe|Loïc Ford|Hélène Gray|Renée Hall|François Bell|Máire Byrne',
  ],
  Czech: [
    'windows-1250',
    'Jiří Dvořák|Tomáš Novák|Věra Růžičková|Petr Hřbek|Jan Kříž|Eva Němcová|Lukáš Přibyl|Zdeněk Šťastný|Jan Krč',
  ],
  Croatian: ['windows-1250', 'Ana Petrić|Ivan Babić|Marko Đurić|Josip Kovač|Nikola Kovačić|Ćiro Blažević'],
  Hungarian: ['windows-1250', 'Ödön Kő|Győző Szűcs|Erzsébet Nagy|Jenő Tűz|Sándor Őri'],
  French: [
    'windows-1252',
    'Hélène Lefèvre|Michèle Dupré|François Bœuf|Anaïs Noël|Loïc Gêne|Jérôme Frêne|Maïté Rûche',
  ],
  Spanish: ['windows-1252', 'Íñigo Peña|José Muñoz|Ana Núñez|Begoña Ibáñez|Iñaki Ordóñez|Luis Cañas'],
  Norwegian: ['windows-1252', 'Øyvind Røe|Øystein Bøe|Kåre Åsen|Håkon Sæther|Pål Næss'],
  Swedish: ['windows-1252', 'Åke Öberg|Märta Sjöström|Håkan Åkesson|Göran Ström'],
  Portuguese: ['windows-1252', 'João Simões|Inês Gonçalves|Sebastião Guimarães|Lourenço Brandão'],
};

/** The share of lists of three to ten lines that must be recognized. The rest is refused. */
const LEAST_RIGHT: Readonly<Record<string, number>> = {
  Polish: 0.85,
  Ukrainian: 0.95,
  Russian: 0.85,
  German: 0.95,
  Danish: 0.7,
};
/** Always the same lists: how many of them are recognized must not change by chance. */
const SEED = 17;
const LISTS_OF_EACH_LENGTH = 40;

const bytesIn = (encoding: CodePage): ((text: string) => Buffer) => {
  const decoder = new TextDecoder(encoding);
  const bytes = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
  );
  return (text) => Buffer.from(Array.from(text, (character) => bytes.get(character)!));
};

describe('the code page of a short list', () => {
  const random = randomOf(SEED);

  it.each(Object.entries(LISTS))('is never wrong: %s', (language, [encoding, names]) => {
    const people = names.split('|');
    const inBytes = bytesIn(encoding);
    const counts = { right: 0, refused: 0 };
    for (const length of [3, 5, 10])
      for (let list = 0; list < LISTS_OF_EACH_LENGTH; list += 1) {
        const lines = Array.from({ length }, () => people[Math.floor(random() * people.length)]!);
        const bytes = inBytes(`${lines.join(';x@b.example\n')}\n`);
        const found = codePageOf(bytes);
        counts[found === null ? 'refused' : 'right'] += 1;
        if (found !== null)
          expect([lines, new TextDecoder(found).decode(bytes)]).toEqual([
            lines,
            new TextDecoder(encoding).decode(bytes),
          ]);
      }
    process.stdout.write(
      `${language}, lists of 3 to 10 lines in ${encoding}: ${String(counts.right)} right, ` +
        `${String(counts.refused)} refused, 0 wrong\n`,
    );
    expect(counts.right / (counts.right + counts.refused)).toBeGreaterThan(LEAST_RIGHT[language] ?? 0);
  });

  it.each<[string, CodePage, CodePage | null]>([
    ['Michał Zieliński', 'windows-1250', 'windows-1250'],
    ['Søren Møller Kjær', 'windows-1252', 'windows-1252'],
    ['Kamiński', 'windows-1250', null],
    ['Michał Michał', 'windows-1250', null],
    ['Søren Møller', 'windows-1252', null],
    ['30m³ 40m³ 50m³', 'windows-1252', null],
    ['Müller Groß', 'windows-1252', 'windows-1250'],
    ['¿Peña? ¡Muñoz! Núñez', 'windows-1252', null],
    ['Анна Попова', 'windows-1251', null],
  ])('of %s in %s is %s', (text, encoding, found) => {
    expect(codePageOf(bytesIn(encoding)(text))).toBe(found);
  });
});
