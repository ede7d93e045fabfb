import type { ConsentField } from './consent-columns.ts';

/** What a column may hold beside consents. The two kinds of full name are split into first and last name. */
export const FIELDS = [
  'firstName',
  'lastName',
  'fullName',
  'lastNameFirst',
  'email',
  'phone',
  'note',
  'customerType',
  'state',
  'stateHistory',
] as const;
export type KnownField = (typeof FIELDS)[number];
export type Field = KnownField | ConsentField;

/**
 * The usual names of columns in English, Polish, German, Ukrainian, Russian and Danish, as address books, shops, salon and
 * point-of-sale programs write them. When several columns hold a field, an earlier group comes first.
 */
// prettier-ignore
export const KNOWN_NAMES: Readonly<Record<KnownField, readonly (readonly string[])[]>> = {
  firstName: [[
    'first name', 'given name', 'forename', 'first', 'fname', 'imię', 'imiona', 'Vorname', 'Rufname', 'ім’я', 'имя', 'fornavn',
  ]],
  lastName: [[
    'last name', 'surname', 'family name', 'last', 'lname', 'second name', 'nazwisko', 'Nachname', 'Familienname', 'Zuname',
    'прізвище', 'фамилия', 'efternavn',
  ]],
  fullName: [[
    'name', 'full name', 'display name', 'first and last name', 'first name last name', 'imię i nazwisko', 'imię nazwisko',
    'pełna nazwa', 'Vor- und Nachname', 'Vorname Nachname', 'Vollständiger Name', 'Kundenname', 'Anzeigename',
    'ім’я та прізвище', 'ім’я і прізвище', 'ім’я прізвище', 'повне ім’я', 'имя и фамилия', 'имя фамилия', 'полное имя',
    'navn', 'fulde navn', 'kundenavn', 'for- og efternavn', 'fornavn og efternavn',
  ]],
  lastNameFirst: [[
    'last name first name', 'last first', 'nazwisko i imię', 'nazwisko imię', 'Nachname Vorname', 'Name Vorname', 'ПІБ', 'П.І.Б.',
    'прізвище та ім’я', 'прізвище ім’я', 'прізвище ім’я по батькові', 'ФИО', 'Ф.И.О.', 'фамилия имя', 'фамилия и имя',
    'фамилия имя отчество', 'efternavn fornavn',
  ]],
  email: [[
    'email', 'e-mail address', 'mail', 'email id', 'mail address', 'adres e-mail', 'adres email', 'adres mailowy',
    'poczta elektroniczna', 'poczta', 'E-Mail-Adresse', 'Mailadresse', 'пошта', 'ел. пошта', 'електронна пошта', 'електронна адреса',
    'эл. почта', 'почта', 'электронная почта', 'адрес электронной почты', 'емейл', 'имейл', 'mailadresse', 'e-mailadresse', 'e-post',
  ], [
    'home email', 'personal email', 'private email', 'e-mail privat', 'email prywatny',
  ], [
    'work email', 'business email', 'other email', 'secondary email', 'alternate email', 'e-mail geschäftlich', 'email służbowy',
  ]],
  phone: [[
    'mobile', 'mobile phone', 'mobile number', 'mobile phone number', 'mobile no', 'mobile tel', 'cell', 'cell phone', 'cellphone',
    'cell number', 'cell phone number', 'cellular', 'sms', 'sms number', 'whatsapp', 'komórka', 'telefon komórkowy', 'tel. kom.',
    'tel. komórkowy', 'numer komórkowy', 'numer telefonu komórkowego', 'nr komórki', 'Handy', 'Handynummer', 'Mobil', 'Mobilnummer',
    'Mobiltelefon', 'Mobilfunk', 'Mobilfunknummer', 'Telefon mobil', 'мобільний', 'мобільний телефон', 'моб. телефон',
    'номер мобільного', 'мобильный', 'мобильный телефон', 'номер мобильного', 'сотовый', 'сотовый телефон', 'mobilnr', 'mobilnr.',
    'mobiltelefonnummer',
  ], [
    'phone', 'phone number', 'phone no', 'phones', 'telephone', 'telephone number', 'telephone no', 'tel', 'tel. no', 'tel number',
    'contact number', 'telefon', 'numer telefonu', 'nr telefonu', 'nr tel.', 'numer tel.', 'Telefonnummer', 'Telefon-Nr.', 'Tel.-Nr.',
    'Rufnummer', 'телефон', 'номер телефону', 'тел', 'номер телефона', 'номер тел.', 'telefonnr.', 'tlf', 'tlf.nr.', 'telefon nummer',
  ], [
    'home phone', 'home telephone', 'home number', 'landline', 'telefon domowy', 'telefon stacjonarny', 'Telefon privat', 'Festnetz',
    'домашній телефон', 'домашний телефон', 'fastnet', 'fastnettelefon', 'telefon privat', 'default address phone', 'billing phone',
  ], [
    'work phone', 'business phone', 'office phone', 'company phone', 'other phone', 'secondary phone', 'alternate phone',
    'telefon służbowy', 'telefon do pracy', 'Telefon geschäftlich', 'робочий телефон', 'рабочий телефон', 'telefon arbejde',
  ]],
  note: [[
    'note', 'notes', 'comment', 'comments', 'memo', 'remark', 'remarks', 'uwagi', 'uwaga', 'notatka', 'notatki', 'komentarz', 'opis',
    'Notiz', 'Notizen', 'Bemerkung', 'Bemerkungen', 'Kommentar', 'Anmerkung', 'Anmerkungen', 'примітка', 'примітки', 'коментар',
    'коментарі', 'нотатки', 'нотатка', 'примечание', 'примечания', 'комментарий', 'комментарии', 'заметка', 'заметки', 'bemærkning',
    'bemærkninger', 'notat', 'notater', 'noter', 'kommentarer',
  ]],
  customerType: [['customer type', 'typ klienta', 'Kundentyp', 'тип клієнта', 'тип клиента', 'kundetype']],
  state: [['state']],
  stateHistory: [['state history']],
};

/** Words that only say whose the value is: a column `Client e-mail` holds an email. */
// prettier-ignore
export const OWNERS: readonly string[] = [
  'customer', 'customers', 'client', 'clients', 'guest', 'patient', 'contact', 'member', 'buyer', 'billing', 'primary', 'main',
  'klient', 'klienta', 'klientki', 'klientka', 'kontakt', 'kontaktu', 'Kunde', 'Kunden', 'Kundin', 'kundens', 'клієнт', 'клієнта',
  'клієнтки', 'контакт', 'контакту', 'клиент', 'клиента', 'клиентки', 'контакта',
];

/** Beside a column of first names and without one of last names, these hold the last name, as German `Name, Vorname`. */
export const BARE_NAMES: readonly string[] = ['name', 'navn'];
