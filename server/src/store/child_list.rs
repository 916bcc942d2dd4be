//! Live children in the order of their names: searched, narrowed, a page at a time.
//!
//! A scope of few desa is read from the children of each. A wide one is read by the index of what is
//! asked for, and where there is none, in the order of the names until the page is full. Neither looks at measurements: what is known last of a child is kept beside it.

use super::score::{LATEST_COLUMNS, Latest};
use super::target_list::{bounds, is_active, is_on_list};
use super::text::{parsed, record_id};
use super::{ReadTx, RecordNo, Selection, Stored, VersionContent};
use rusqlite::types::Value as SqlValue;
use rusqlite::{OptionalExtension, Row, params_from_iter};
use sync_protocol::area::Area;
use sync_protocol::change::Register;
use sync_protocol::ids::RecordId;
use sync_protocol::mask::{SHOWN_FIRST, SHOWN_LAST};
use sync_protocol::record::child;
use sync_protocol::sasaran::TargetList;
use sync_protocol::time::CivilDate;

/// Versions of a deleted child among which its name is looked for.
const VERSIONS_LOOKED_AT: usize = 100;

/// Which children are wanted.
#[derive(Clone, Debug)]
pub struct ChildQuery {
    pub selection: Selection,
    /// Each of them stands in the name, the parents' names or the NIK.
    pub words: Vec<String>,
    pub nik: NikSearch,
    pub narrowed: Narrowed,
}

/// Which digits of a NIK a search looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NikSearch {
    /// Those that its mask shows, so that nobody finds out the others by asking.
    Shown,
    All,
}

#[derive(Clone, Debug)]
pub enum Narrowed {
    Not,
    /// On a target list.
    OnList(TargetList),
    /// On a target list, with this sign by what is known last.
    Sasaran(TargetList, Sign),
    /// Active, but too old for this target list.
    Outgrown(TargetList),
    /// Of these.
    These(Vec<RecordNo>),
}

impl Narrowed {
    /// Whether what is known last of the children has an index for it.
    fn has_index(&self) -> bool {
        match self {
            Narrowed::Sasaran(_, sign) => !matches!(sign, Sign::NotWeighedSince(_)),
            Narrowed::Not | Narrowed::OnList(_) | Narrowed::Outgrown(_) | Narrowed::These(_) => {
                false
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Sign {
    /// BB/U is one of these words.
    Weight(&'static [&'static str]),
    /// PB/U or TB/U is one of these words.
    Height(&'static [&'static str]),
    /// BB/PB or BB/TB is one of these words.
    Nutrition(&'static [&'static str]),
    /// T at the latest weighing.
    NotGained,
    /// 2T.
    TwiceNotGained,
    NotWeighedSince(CivilDate),
}

/// A child as a list shows it.
#[derive(Clone, Debug)]
pub struct ListedChild {
    pub no: RecordNo,
    pub id: RecordId,
    pub area: Area,
    pub name: String,
    pub sex: String,
    pub birth_date: String,
    pub nik: Option<String>,
    pub posyandu: Option<String>,
    pub mother_name: Option<String>,
    pub parents_raw: Option<String>,
    pub status: Option<String>,
    pub latest: Option<Latest>,
}

const FIXED_COLUMNS: usize = 11;

impl ReadTx<'_> {
    /// The first children, or those after one of them.
    pub fn children_by_name(
        &self,
        query: &ChildQuery,
        after: Option<RecordNo>,
        limit: usize,
    ) -> Stored<Vec<ListedChild>> {
        let mut sql = Built::new(format!(
            "SELECT c.rid, r.id, r.area, c.name, c.sex, c.birth_date, c.nik, c.posyandu,
                c.mother_name, c.parents_raw, c.status, {LATEST_COLUMNS}"
        ));
        self.add_source(&mut sql, query, self.few.villages)?;
        if let Some(after) = after {
            let name = sql.bind_text(&self.last_name(after)?);
            let after = sql.bind(SqlValue::Integer(after.0));
            sql.and(&format!("(c.name COLLATE NOCASE, c.rid) > ({name}, {after})"));
        }
        let limit = sql.bind(SqlValue::Integer(i64::try_from(limit).unwrap_or(i64::MAX)));
        sql.push(&format!(" ORDER BY c.name COLLATE NOCASE, c.rid LIMIT {limit}"));
        let mut statement = self.connection.prepare_cached(&sql.text)?;
        let mut rows = statement.query(params_from_iter(sql.values))?;
        let mut children = Vec::new();
        while let Some(row) = rows.next()? {
            children.push(read_listed(row)?);
        }
        Ok(children)
    }

    /// What a child is called, or was: the last of a page may be deleted while the page is read.
    fn last_name(&self, child: RecordNo) -> Stored<String> {
        let mut statement =
            self.connection.prepare_cached("SELECT name FROM child WHERE rid = ?1")?;
        if let Some(name) = statement.query_row([child.0], |row| row.get(0)).optional()? {
            return Ok(name);
        }
        let (versions, _) = self.latest_versions(child, VERSIONS_LOOKED_AT)?;
        for version in versions.iter().rev().filter(|version| version.is_state) {
            if let VersionContent::Body(body) = self.content(version.pos, Register::State)? {
                return Ok(body.text(child::NAME).unwrap_or_default().to_owned());
            }
        }
        Ok(String::new())
    }

    pub fn count_children(&self, query: &ChildQuery) -> Stored<u64> {
        let mut sql = Built::new("SELECT count(*)".to_owned());
        // Nobody waits for an order here: desa by desa is the shortest way.
        self.add_source(&mut sql, query, usize::MAX)?;
        let mut statement = self.connection.prepare_cached(&sql.text)?;
        let count: i64 = statement.query_row(params_from_iter(sql.values), |row| row.get(0))?;
        Ok(count.cast_unsigned())
    }

    /// The tables and the conditions, without a place in the list. Up to `narrow` desa are read one
    /// by one.
    fn add_source(&self, sql: &mut Built, query: &ChildQuery, narrow: usize) -> Stored<()> {
        let villages = self.villages_with_rows(&query.selection.scope)?;
        let codes: Vec<&str> = villages.iter().map(Area::as_str).collect();
        let codes = sql.bind_list(&codes);
        // CROSS JOIN keeps SQLite to the order that is written here.
        let joins = if let Narrowed::These(children) = &query.narrowed {
            let children: Vec<i64> = children.iter().map(|child| child.0).collect();
            let children = sql.bind_list(&children);
            format!(
                "json_each({children}) these CROSS JOIN child c ON c.rid = these.value
                 CROSS JOIN record r ON r.rid = c.rid"
            )
        } else if villages.len() > self.few.villages && query.narrowed.has_index() {
            "child_status s CROSS JOIN child c ON c.rid = s.rid
             CROSS JOIN record r ON r.rid = c.rid"
                .to_owned()
        } else if villages.len() <= narrow {
            format!(
                "json_each({codes}) village
                 CROSS JOIN record r ON r.area = village.value AND r.kind = 'child'
                 CROSS JOIN child c ON c.rid = r.rid"
            )
        } else {
            "child c CROSS JOIN record r ON r.rid = c.rid".to_owned()
        };
        let latest = if joins.starts_with("child_status") {
            ""
        } else {
            "LEFT JOIN child_status s ON s.rid = c.rid"
        };
        sql.push(&format!(
            " FROM {joins} {latest}
             WHERE r.area IN (SELECT value FROM json_each({codes}))"
        ));
        if let Some(posyandu) = &query.selection.posyandu {
            let posyandu = sql.bind_text(posyandu);
            sql.and(&format!("c.posyandu = {posyandu} COLLATE NOCASE"));
        }
        for word in &query.words {
            sql.and_contains(word, query.nik);
        }
        match &query.narrowed {
            Narrowed::Not | Narrowed::These(_) => {}
            Narrowed::OnList(list) => sql.and_on_list(list),
            Narrowed::Sasaran(list, sign) => {
                sql.and_on_list(list);
                sql.and_sign(*sign);
            }
            Narrowed::Outgrown(list) => {
                let oldest = sql.bind_text(&list.born().start().to_string());
                sql.and(&is_active());
                sql.and(&format!("c.birth_date < {oldest}"));
            }
        }
        Ok(())
    }
}

/// A statement that is being put together, with the values of its parameters.
struct Built {
    text: String,
    values: Vec<SqlValue>,
}

impl Built {
    fn new(text: String) -> Self {
        Built { text, values: Vec::new() }
    }

    fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn and(&mut self, condition: &str) {
        self.push(" AND ");
        self.push(condition);
    }

    /// The parameter that stands for a value.
    fn bind(&mut self, value: SqlValue) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    fn bind_text(&mut self, text: &str) -> String {
        self.bind(SqlValue::Text(text.to_owned()))
    }

    /// A list as the text that `json_each` reads.
    fn bind_list<T: serde::Serialize>(&mut self, items: &[T]) -> String {
        self.bind_text(&serde_json::json!(items).to_string())
    }

    fn and_contains(&mut self, word: &str, nik: NikSearch) {
        let mut pattern = String::from("%");
        for c in word.chars() {
            if ['%', '_', '\\'].contains(&c) {
                pattern.push('\\');
            }
            pattern.push(c);
        }
        pattern.push('%');
        let pattern = self.bind_text(&pattern);
        let mut places = vec!["c.name", "c.mother_name", "c.parents_raw"];
        let [first, last] = nik_shown();
        match nik {
            _ if !word.bytes().all(|byte| byte.is_ascii_digit()) => {}
            NikSearch::All => places.push("c.nik"),
            NikSearch::Shown => places.extend([&*first, &*last]),
        }
        let each = places.iter().map(|place| format!("{place} LIKE {pattern} ESCAPE '\\'"));
        let either = each.collect::<Vec<_>>().join(" OR ");
        self.and(&format!("({either})"));
    }

    fn and_on_list(&mut self, list: &TargetList) {
        let first = self.values.len() + 1;
        for bound in bounds(list) {
            self.bind_text(&bound);
        }
        self.and(&is_on_list(first));
    }

    fn and_sign(&mut self, sign: Sign) {
        let (column, words) = match sign {
            Sign::Weight(words) => ("s.bbu", words),
            Sign::Height(words) => ("s.tbu", words),
            Sign::Nutrition(words) => ("s.bbtb", words),
            Sign::NotGained => return self.and("s.gain = 'T'"),
            Sign::TwiceNotGained => {
                return self.and("s.gain = 'T' AND s.twice_not_gained = 1");
            }
            Sign::NotWeighedSince(day) => {
                let day = self.bind_text(&day.to_string());
                return self.and(&format!("coalesce(s.weighed_on, '') < {day}"));
            }
        };
        let words: Vec<String> = words.iter().map(|word| self.bind_text(word)).collect();
        self.and(&format!("{column} IN ({})", words.join(", ")));
    }
}

/// The two parts of a NIK that its mask shows, as `mask::shown` cuts them.
fn nik_shown() -> [String; 2] {
    let hides = SHOWN_FIRST + SHOWN_LAST;
    [format!("1, {SHOWN_FIRST}"), format!("-{SHOWN_LAST}")]
        .map(|part| format!("CASE WHEN length(c.nik) > {hides} THEN substr(c.nik, {part}) END"))
}

fn read_listed(row: &Row<'_>) -> Stored<ListedChild> {
    Ok(ListedChild {
        no: RecordNo(row.get(0)?),
        id: record_id(row, "id")?,
        area: parsed(row.get_ref(2)?.as_str().unwrap_or_default(), "area code")?,
        name: row.get(3)?,
        sex: row.get(4)?,
        birth_date: row.get(5)?,
        nik: row.get(6)?,
        posyandu: row.get(7)?,
        mother_name: row.get(8)?,
        parents_raw: row.get(9)?,
        status: row.get(10)?,
        latest: Latest::read(row, FIXED_COLUMNS)?,
    })
}
