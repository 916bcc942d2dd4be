//! Words that made-up people and posyandu are put together from.

use super::random::Random;
use crate::import::sex::Sex;

/// Of a hundred boys, how many are Muhammad in one spelling or another; of a hundred children, how
/// many have one name only.
const MUHAMMAD_PERCENT: i64 = 12;
const ONE_NAME_PERCENT: i64 = 15;

pub(super) const POSYANDU: [&str; 12] = [
    "MELATI",
    "MAWAR",
    "ANGGREK",
    "KENANGA",
    "DAHLIA",
    "FLAMBOYAN",
    "TERATAI",
    "CEMPAKA",
    "KAMBOJA",
    "BOUGENVILLE",
    "ASTER",
    "SEROJA",
];

const BOYS: [&str; 36] = [
    "RAFA", "ARKA", "BINTANG", "DAFFA", "FARHAN", "GILANG", "HAFIZ", "ILHAM", "KENZO", "LUTFI",
    "NAUFAL", "RAIHAN", "SATRIA", "YUSUF", "ZIDAN", "ALDO", "BAGAS", "DIMAS", "FAJAR", "GALIH",
    "HARIS", "IRFAN", "KEVIN", "NANDA", "REZA", "RIZKY", "TEGUH", "WAHYU", "AZKA", "FATHIR",
    "KEENAN", "ABIZAR", "EL FATIH", "DEVAN", "RENDRA", "SURYA",
];

const GIRLS: [&str; 36] = [
    "AISYAH",
    "AZZAHRA",
    "BUNGA",
    "CITRA",
    "DINDA",
    "FATIMAH",
    "GITA",
    "HANA",
    "INTAN",
    "KIRANA",
    "LARAS",
    "NABILA",
    "NAYLA",
    "PUTRI",
    "QONITA",
    "RAHMA",
    "SALSABILA",
    "TIARA",
    "ZAHRA",
    "ALYA",
    "AMIRA",
    "CANTIKA",
    "DELISHA",
    "ELSA",
    "KHANSA",
    "MAYA",
    "NAURA",
    "RANIA",
    "SYIFA",
    "YASMIN",
    "NUR'AINI",
    "ARUMI",
    "SHANUM",
    "MIKAYLA",
    "ADIBA",
    "MEYSA",
];

const SECOND_BOYS: [&str; 16] = [
    "PRATAMA",
    "SAPUTRA",
    "ALFARIZI",
    "RAMADHAN",
    "HIDAYAT",
    "PERDANA",
    "AL GHIFARI",
    "WIJAYA",
    "NUGRAHA",
    "FIRMANSYAH",
    "MAULANA",
    "ADITYA",
    "KURNIAWAN",
    "AL-FATIH",
    "SYAHPUTRA",
    "UTAMA",
];

const SECOND_GIRLS: [&str; 16] = [
    "LESTARI",
    "RAMADHANI",
    "PERMATA",
    "KHAIRUNNISA",
    "MAHARANI",
    "ANGGRAINI",
    "SAFITRI",
    "AULIA",
    "WULANDARI",
    "HUMAIRA",
    "PUSPITA",
    "ANJANI",
    "OKTAVIA",
    "PRATIWI",
    "SALSABILA",
    "CAHYANI",
];

const MUHAMMAD: [&str; 4] = ["MUHAMMAD", "M.", "MUHAMAD", "MUH."];

const MOTHERS: [&str; 24] = [
    "SITI",
    "DEWI",
    "RINA",
    "YULIANA",
    "LENA",
    "SUSI",
    "NURHAYATI",
    "EKA",
    "FITRI",
    "HERLINA",
    "IDA",
    "LISMA",
    "MARLINA",
    "NOVI",
    "PUSPA",
    "RATNA",
    "SRI",
    "TUTI",
    "WATI",
    "YENI",
    "DESI",
    "ELVI",
    "MELI",
    "RUSMINI",
];

const FATHERS: [&str; 24] = [
    "BUDI", "AGUS", "DEDI", "EDI", "HENDRA", "IWAN", "JONI", "RUDI", "SAHRUL", "TONI", "UJANG",
    "YADI", "ZULKIFLI", "ANDI", "FERI", "HARTONO", "IRWAN", "MULYADI", "PERI", "ROMLI", "SUPRI",
    "WAWAN", "ALPIAN", "DARMAN",
];

pub(super) fn sex(random: &mut Random) -> Sex {
    // 105 boys are born to 100 girls.
    if random.below(205) < 105 { Sex::Male } else { Sex::Female }
}

pub(super) fn child(random: &mut Random, sex: Sex) -> String {
    let (first, second) = match sex {
        Sex::Male => (random.pick(&BOYS), random.pick(&SECOND_BOYS)),
        Sex::Female => (random.pick(&GIRLS), random.pick(&SECOND_GIRLS)),
    };
    let (is_muhammad, spelling) = (random.chance(MUHAMMAD_PERCENT), random.pick(&MUHAMMAD));
    let has_one_name = random.chance(ONE_NAME_PERCENT);
    match sex {
        Sex::Male if is_muhammad => format!("{spelling} {first} {second}"),
        Sex::Male | Sex::Female if has_one_name => first.to_owned(),
        Sex::Male | Sex::Female => format!("{first} {second}"),
    }
}

pub(super) fn mother(random: &mut Random) -> String {
    format!("{} {}", random.pick(&MOTHERS), random.pick(&SECOND_GIRLS))
}

pub(super) fn father(random: &mut Random) -> String {
    format!("{} {}", random.pick(&FATHERS), random.pick(&SECOND_BOYS))
}
