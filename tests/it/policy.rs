//! What we depend on is what `.deny.toml` lets in. cargo-deny, which the forge runs, asks the same and
//! more; this needs no network and no other program, so that a new dependency is judged where it is
//! added. Licences are asked of the packages that this machine builds, the rest of all of `Cargo.lock`.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

const POLICY: &str = ".deny.toml";

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The quoted texts of a line, before its comment.
fn quoted(line: &str) -> Vec<String> {
    let line = line.split(" #").next().unwrap();
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// One `[section]` of the policy.
fn section(name: &str) -> String {
    let policy = read(POLICY);
    let (_, after) = policy
        .split_once(&format!("\n[{name}]\n"))
        .unwrap_or_else(|| panic!("{POLICY} has no section {name}"));
    after.split("\n[").next().unwrap().to_owned()
}

/// The entries of a list, one a line: the quoted texts of each.
fn list(section_name: &str, key: &str) -> Vec<Vec<String>> {
    let section = section(section_name);
    let (_, after) = section
        .split_once(&format!("\n{key} = [\n"))
        .unwrap_or_else(|| panic!("{POLICY} has no list {key} in {section_name}"));
    let entries = after.split("\n]").next().unwrap().lines();
    entries.map(quoted).filter(|texts| !texts.is_empty()).collect()
}

/// A package as `Cargo.lock` names it; one of our own has no source.
struct Locked {
    name: String,
    version: String,
    source: Option<String>,
}

fn locked() -> Vec<Locked> {
    let lock = read("Cargo.lock");
    let packages: Vec<Locked> = lock
        .split("[[package]]\n")
        .skip(1)
        .map(|package| {
            let value = |key: &str| {
                let mut lines = package.lines();
                lines.find_map(|line| line.strip_prefix(key)).map(|value| quoted(value).remove(0))
            };
            Locked {
                name: value("name = ").unwrap(),
                version: value("version = ").unwrap(),
                source: value("source = "),
            }
        })
        .collect();
    assert!(packages.len() > 100, "{} packages: was Cargo.lock read?", packages.len());
    packages
}

/// Names and licence expressions of all packages that are built on this machine.
fn licences() -> Vec<(String, String)> {
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .args(["--filter-platform", &platform])
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100, "{} packages: were they found?", packages.len());
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    packages.iter().map(|package| (text(&package["name"]), text(&package["license"]))).collect()
}

/// A licence expression of SPDX, as far as it is read: `MIT OR (Apache-2.0 AND ISC)`.
struct Expression<'a> {
    words: std::iter::Peekable<std::vec::IntoIter<&'a str>>,
    allowed: &'a BTreeSet<String>,
}

impl Expression<'_> {
    /// Whether what is allowed is enough.
    fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
        // Old packages write `/` for OR.
        let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        let mut expression = Expression { words: words.into_iter().peekable(), allowed };
        let is_allowed = expression.any();
        assert_eq!(expression.words.next(), None, "not read to its end: {spaced}");
        is_allowed
    }

    fn any(&mut self) -> bool {
        let mut is_allowed = self.all();
        while self.words.next_if_eq(&"OR").is_some() {
            is_allowed |= self.all();
        }
        is_allowed
    }

    fn all(&mut self) -> bool {
        let mut is_allowed = self.one();
        while self.words.next_if_eq(&"AND").is_some() {
            is_allowed &= self.one();
        }
        is_allowed
    }

    fn one(&mut self) -> bool {
        if self.words.next_if_eq(&"(").is_some() {
            let is_allowed = self.any();
            assert_eq!(self.words.next(), Some(")"));
            return is_allowed;
        }
        let name = self.words.next().unwrap();
        if self.words.next_if_eq(&"WITH").is_none() {
            return self.allowed.contains(name);
        }
        let exception = self.words.next().unwrap();
        self.allowed.contains(&format!("{name} WITH {exception}"))
    }
}

/// What the policy allows of licences: to all packages, and besides to single ones.
struct Licences {
    to_all: BTreeSet<String>,
    to_one: BTreeMap<String, BTreeSet<String>>,
}

impl Licences {
    fn of_policy() -> Self {
        let to_one = list("licenses", "exceptions").into_iter().map(|mut texts| {
            let name = texts.remove(0);
            (name, texts.into_iter().collect())
        });
        Licences {
            to_all: list("licenses", "allow").concat().into_iter().collect(),
            to_one: to_one.collect(),
        }
    }

    /// The packages whose licence is not allowed.
    fn refused(&self, packages: &[(String, String)]) -> Vec<String> {
        let nothing = BTreeSet::new();
        let refused = packages.iter().filter(|(name, expression)| {
            let allowed = &self.to_all | self.to_one.get(name).unwrap_or(&nothing);
            !Expression::is_allowed(expression, &allowed)
        });
        refused.map(|(name, expression)| format!("{name}: {expression}")).collect()
    }
}

#[test]
fn an_expression_of_licences_is_read_as_it_is_meant() {
    let allowed: BTreeSet<String> =
        ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned).into();
    let is_allowed = |expression| Expression::is_allowed(expression, &allowed);
    for fine in ["MIT", "GPL-3.0 OR MIT", "GPL-3.0/MIT", "(GPL-3.0 OR MIT) AND ISC", "MIT AND ISC"]
    {
        assert!(is_allowed(fine), "{fine}");
    }
    assert!(is_allowed("Apache-2.0 WITH LLVM-exception"));
    for refused in ["GPL-3.0", "MIT AND GPL-3.0", "(GPL-3.0 AND MIT) OR Zlib", "Apache-2.0", "none"]
    {
        assert!(!is_allowed(refused), "{refused}");
    }
}

#[test]
fn every_package_has_a_licence_that_the_policy_allows() {
    assert_eq!(Licences::of_policy().refused(&licences()), Vec::<String>::new());
}

#[test]
fn no_licence_is_allowed_that_no_package_needs() {
    let packages = licences();
    let policy = Licences::of_policy();
    for licence in &policy.to_all {
        let mut without = Licences::of_policy();
        without.to_all.remove(licence);
        assert_ne!(without.refused(&packages), Vec::<String>::new(), "{licence} is not needed");
    }
    for name in policy.to_one.keys() {
        let mut without = Licences::of_policy();
        without.to_one.remove(name);
        assert_ne!(without.refused(&packages), Vec::<String>::new(), "{name} needs no exception");
    }
}

#[test]
fn every_package_is_ours_or_comes_from_a_registry_that_the_policy_names() {
    let registries: BTreeSet<String> = list("sources", "allow-registry")
        .concat()
        .iter()
        .map(|at| format!("registry+{at}"))
        .collect();
    let manifest = read("Cargo.toml");
    let ours = manifest.split("members = [\n").nth(1).unwrap().split(']').next().unwrap();
    let packages = locked();
    let (from_elsewhere, own): (Vec<&Locked>, Vec<&Locked>) =
        packages.iter().partition(|package| package.source.is_some());
    assert_eq!(own.len(), ours.lines().count(), "a package without a source is a member");
    for package in from_elsewhere {
        let source = package.source.as_ref().unwrap();
        assert!(registries.contains(source), "{} comes from {source}", package.name);
    }
}

#[test]
fn no_package_is_there_in_two_versions_without_a_reason() {
    let skipped: BTreeMap<String, String> = list("bans", "skip")
        .into_iter()
        .map(|texts| match texts.as_slice() {
            [package, reason] if !reason.trim().is_empty() => (package.clone(), reason.clone()),
            _ => panic!("a skipped package has a name and a reason: {texts:?}"),
        })
        .collect();
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in locked() {
        versions.entry(package.name).or_default().insert(package.version);
    }
    let mut idle: BTreeSet<&String> = skipped.keys().collect();
    for (name, versions) in versions.iter().filter(|(_, versions)| versions.len() > 1) {
        let (excused, unexcused): (Vec<String>, Vec<String>) = versions
            .iter()
            .map(|version| format!("{name}@{version}"))
            .partition(|package| skipped.contains_key(package));
        assert!(unexcused.len() <= 1, "without a reason in {POLICY}: {unexcused:?}");
        idle.retain(|package| !excused.contains(package));
    }
    assert_eq!(idle, BTreeSet::new(), "there is no second version of these");
}

/// The tool only warns unless told.
#[test]
fn what_the_policy_does_not_name_is_refused() {
    let rules = [
        ("advisories", "yanked"),
        ("licenses", "unused-allowed-license"),
        ("bans", "multiple-versions"),
        ("bans", "wildcards"),
        ("sources", "unknown-registry"),
        ("sources", "unknown-git"),
    ];
    for (name, rule) in rules {
        let denied = format!("{rule} = \"deny\"");
        assert!(section(name).lines().any(|line| line == denied), "[{name}] lacks {denied}");
    }
}

/// A tag can be moved to other code, a commit cannot.
#[test]
fn the_forge_runs_ci_and_cargo_deny_and_every_action_is_pinned_to_a_commit() {
    let workflow = read(".github/workflows/ci.yml");
    let steps: Vec<&str> = workflow
        .lines()
        .filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("run: "))
        .collect();
    assert!(steps.contains(&".ci/run"), "{steps:?}");
    assert!(steps.iter().any(|step| step.starts_with("cargo deny")), "{steps:?}");
    let actions: Vec<&str> =
        workflow.lines().filter_map(|line| line.split_once("uses: ").map(|(_, at)| at)).collect();
    assert!(!actions.is_empty());
    for action in actions {
        let (_, commit) = action.split(" #").next().unwrap().split_once('@').unwrap();
        let is_commit = commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(is_commit, "{action}");
    }
}
