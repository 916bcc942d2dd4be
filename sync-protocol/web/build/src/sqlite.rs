//! How much of SQLite the app has: as much as the replica uses, which is two thirds of it. Most statements
//! that need more fail when they are prepared, which the tests in a browser would see; but `RETURNING`
//! is made of triggers, and without them gives no rows.

/// Extensions that its packager turned on.
const NOT_ENABLED: [&str; 13] = [
    "API_ARMOR",
    "BYTECODE_VTAB",
    "COLUMN_METADATA",
    "DBPAGE_VTAB",
    "DBSTAT_VTAB",
    "FTS5",
    "MATH_FUNCTIONS",
    "OFFSET_SQL_FUNC",
    "PREUPDATE_HOOK",
    "RTREE",
    "SESSION",
    "STMTVTAB",
    "UNLOCK_NOTIFY",
];

/// Parts of SQLite itself. A migration may want `ALTER TABLE`, and an index that the planner makes for
/// itself may save a query, so those stay.
const OMITTED: [&str; 25] = [
    "AUTHORIZATION",
    "AUTOINCREMENT",
    "AUTOVACUUM",
    "COMPILEOPTION_DIAGS",
    "COMPLETE",
    "DECLTYPE",
    "DESERIALIZE",
    "EXPLAIN",
    "FOREIGN_KEY",
    "GENERATED_COLUMNS",
    "GET_TABLE",
    "INCRBLOB",
    "INTROSPECTION_PRAGMAS",
    "JSON",
    "LIKE_OPTIMIZATION",
    "LOCALTIME",
    "OR_OPTIMIZATION",
    "PROGRESS_CALLBACK",
    "SCHEMA_PRAGMAS",
    "TCL_VARIABLE",
    "TRACE",
    "TRIGGER",
    "UTF16",
    "WAL",
    "XFER_OPT",
];

/// The parser was generated with triggers in it: what it would call for them is refused, or nothing.
const NO_TRIGGERS: [&str; 8] = [
    r#"sqlite3BeginTrigger(parse,...)=sqlite3ErrorMsg(parse,"no_triggers_in_this_build")"#,
    r#"sqlite3DropTrigger(parse,...)=sqlite3ErrorMsg(parse,"no_triggers_in_this_build")"#,
    "sqlite3FinishTrigger(...)=",
    "sqlite3DeleteTriggerStep(...)=",
    "sqlite3TriggerSelectStep(...)=0",
    "sqlite3TriggerInsertStep(...)=0",
    "sqlite3TriggerUpdateStep(...)=0",
    "sqlite3TriggerDeleteStep(...)=0",
];

/// As `SQLITE_WASM_RS_FLAGS` takes them, apart by spaces.
pub(crate) fn flags() -> String {
    let not_enabled = NOT_ENABLED.iter().map(|part| format!("-USQLITE_ENABLE_{part}"));
    let omitted = OMITTED.iter().map(|part| format!("-DSQLITE_OMIT_{part}"));
    let no_triggers = NO_TRIGGERS.iter().map(|call| format!("-D{call}"));
    let untestable = ["-DSQLITE_UNTESTABLE".to_owned()];
    let all: Vec<String> =
        not_enabled.chain(omitted).chain(no_triggers).chain(untestable).collect();
    all.join(" ")
}
