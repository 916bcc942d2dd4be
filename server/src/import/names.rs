//! Names as they are compared between two lists.

/// Ways to write Muhammad as a first name. A single M is one of them: at posyandu level it is by
/// far the most common meaning, and birth date and sex are compared beside the name.
const MUHAMMAD: [&str; 13] = [
    "M",
    "MD",
    "MHD",
    "MUH",
    "MUHD",
    "MOH",
    "MOCH",
    "MUHAMAD",
    "MOHAMAD",
    "MOHAMMAD",
    "MUCHAMAD",
    "MOCHAMAD",
    "MOCHAMMAD",
];

/// What of a name counts: upper-case letters and digits, one blank between words. An apostrophe
/// is left out (NUR'AINI is NURAINI), any other sign parts two words (M.RIZKI is M RIZKI), and a
/// variant of Muhammad before another word becomes MUHAMMAD.
pub fn name_key(name: &str) -> String {
    let upper = name.to_uppercase().replace(['\'', '’', '`'], "");
    let mut words: Vec<&str> =
        upper.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if let [first, _, ..] = words.as_mut_slice()
        && MUHAMMAD.contains(first)
    {
        *first = "MUHAMMAD";
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_signs_and_blanks_do_not_count() {
        assert_eq!(name_key("  Nur'aini   putri-lestari "), "NURAINI PUTRI LESTARI");
        assert_eq!(name_key("BY. NY. SITI (2)"), "BY NY SITI 2");
    }

    #[test]
    fn muhammad_is_one_name_however_it_is_shortened() {
        for name in
            ["M. Rizki", "M.RIZKI", "Muh Rizki", "Moh. Rizki", "Mohammad rizki", "Muhammad Rizki"]
        {
            assert_eq!(name_key(name), "MUHAMMAD RIZKI", "{name}");
        }
        assert_eq!(name_key("Moh"), "MOH");
        assert_eq!(name_key("Rizki M"), "RIZKI M");
    }
}
