//! A fault that is built into a copy of the sources on purpose, and the tests that should tell it.

/// One slip of the kind that a tired programmer makes.
#[derive(Debug)]
pub(crate) struct Sabotage {
    /// Names it in the list, on the command line and in the environment of what is broken.
    pub(crate) name: &'static str,
    /// What goes wrong for people, in one sentence.
    pub(crate) breaks: &'static str,
    /// The source, from the top of the repository.
    pub(crate) file: &'static str,
    /// The expression, or whole statements, that stand there exactly once.
    pub(crate) right: &'static str,
    /// What stands in their place while the sabotage is on.
    pub(crate) wrong: &'static str,
    /// The tests that should tell: `TARGET ARGUMENTS`, see [`crate::built::Built::test`].
    pub(crate) told_by: &'static [&'static str],
}

impl Sabotage {
    /// Whether the sabotage is on, as an expression of the sabotaged source.
    fn switch(&self) -> String {
        format!(
            "std::env::var_os({:?}).is_some_and(|it| it == {:?})",
            sync_tests::SABOTAGE,
            self.name
        )
    }
}

/// A source with the sabotages of it built in, each behind its switch; or why that cannot be.
pub(crate) fn sabotaged(source: &str, sabotages: &[&Sabotage]) -> Result<String, String> {
    let mut places = Vec::new();
    for sabotage in sabotages {
        let mut found = source.match_indices(sabotage.right);
        let name = sabotage.name;
        let Some((start, right)) = found.next() else {
            return Err(format!("{name}: what it breaks does not stand in {}", sabotage.file));
        };
        if found.next().is_some() {
            return Err(format!("{name}: what it breaks stands in {} twice", sabotage.file));
        }
        places.push((start, start + right.len(), *sabotage));
    }
    places.sort_by_key(|(start, end, sabotage)| (*start, *end, sabotage.name));

    let mut text = String::with_capacity(source.len() * 2);
    let mut rest = source;
    let mut at = 0;
    for same in places.chunk_by(|one, other| one.0 == other.0 && one.1 == other.1) {
        let Some((start, end, first)) = same.first() else { continue };
        let Some((before, from_here)) =
            start.checked_sub(at).and_then(|n| rest.split_at_checked(n))
        else {
            return Err(format!("{}: overlaps another sabotage of {}", first.name, first.file));
        };
        let Some((right, after)) = from_here.split_at_checked(end - start) else { continue };
        text.push_str(before);
        text.push_str("{ ");
        for (_, _, sabotage) in same {
            text.push_str(&format!("if {} {{ {} }} else ", sabotage.switch(), sabotage.wrong));
        }
        text.push_str(&format!("{{ {right} }} }}"));
        (rest, at) = (after, *end);
    }
    text.push_str(rest);
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::{Sabotage, sabotaged};

    const ONE: Sabotage = Sabotage {
        name: "one",
        breaks: "",
        file: "f",
        right: "a < b",
        wrong: "a <= b",
        told_by: &[],
    };

    #[test]
    fn the_right_branch_is_what_stood_there_and_the_wrong_one_is_behind_the_switch() {
        let text = sabotaged("if a < b {}", &[&ONE]).unwrap();
        let switch = r#"std::env::var_os("TIMBANG_SABOTAGE").is_some_and(|it| it == "one")"#;
        assert_eq!(text, format!("if {{ if {switch} {{ a <= b }} else {{ a < b }} }} {{}}"));
    }

    #[test]
    fn two_may_break_the_same_place_but_not_overlap() {
        let other = Sabotage { name: "other", wrong: "a > b", ..ONE };
        let text = sabotaged("a < b", &[&ONE, &other]).unwrap();
        assert!(text.contains("{ a <= b } else if "), "{text}");
        assert!(text.ends_with("{ a > b } else { a < b } }"), "{text}");

        let over = Sabotage { name: "over", right: "b && c", ..ONE };
        assert!(sabotaged("a < b && c", &[&ONE, &over]).unwrap_err().contains("overlaps"));
    }

    #[test]
    fn what_is_not_there_or_there_twice_is_refused() {
        assert!(sabotaged("a > b", &[&ONE]).unwrap_err().contains("does not stand"));
        assert!(sabotaged("a < b; a < b", &[&ONE]).unwrap_err().contains("twice"));
    }
}
