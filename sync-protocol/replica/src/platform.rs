//! What a replica needs from the machine it runs on. A browser, a tablet and a simulator each
//! bring their own; the library must never reach for a clock or randomness by itself.

/// Clock, randomness and SQLite settings.
pub trait Platform {
    /// The raw wall clock, however wrong: milliseconds since 1970.
    fn wall_ms(&self) -> i64;

    /// How far the wall clock's zone is east of Greenwich.
    fn offset_minutes(&self) -> i32;

    /// A clock that nobody can set; counts from any point, within one run.
    fn monotonic_ms(&self) -> i64;

    /// Fills the buffer with unpredictable bytes.
    fn random(&self, bytes: &mut [u8]);

    /// SQL run on every connection: journal mode, `synchronous=FULL`, busy timeout.
    fn pragmas(&self) -> &str;
}

/// The settings for a machine with an ordinary file system: a commit is on the disk before the
/// worker reads "tersimpan".
pub const NATIVE_PRAGMAS: &str = "PRAGMA busy_timeout = 10000; \
     PRAGMA journal_mode = WAL; \
     PRAGMA synchronous = FULL; \
     PRAGMA temp_store = MEMORY;";
