//! A disk whose power fails: what was brought to it is there, of the rest nobody knows.

use crate::random::Dice;
use crate::strace::Event;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What a disk writes as a whole.
const SECTOR: usize = 512;

/// What is on the disk for sure, and what may be.
#[derive(Debug, Default)]
pub struct Disk {
    root: PathBuf,
    /// What of each file is there for sure.
    files: Vec<Vec<u8>>,
    /// Not brought to the disk yet, in order.
    pending: Vec<(usize, usize, Edit)>,
    names: Names,
    /// Names as programs see them.
    seen: Names,
    pending_names: Vec<(usize, Naming)>,
    events: usize,
}

/// Folders, and files by their number.
type Names = BTreeMap<PathBuf, Option<usize>>;

#[derive(Clone, Debug)]
enum Edit {
    Write { at: usize, bytes: Vec<u8> },
    Truncate { length: usize },
}

#[derive(Clone, Debug)]
enum Naming {
    Make { path: PathBuf, file: Option<usize> },
    Remove { path: PathBuf },
    Rename { from: PathBuf, to: PathBuf },
}

/// What becomes of writes that were not brought to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Dropped,
    Kept,
    /// Some are kept.
    Mixed,
    /// Of some, some sectors are kept.
    Torn,
}

const FATES: [Fate; 4] = [Fate::Dropped, Fate::Kept, Fate::Mixed, Fate::Torn];

impl Disk {
    /// A folder as it lies there now, for sure.
    pub fn holding(root: &Path) -> Self {
        let mut disk = Disk { root: root.to_owned(), ..Disk::default() };
        disk.take_in(root);
        disk.seen = disk.names.clone();
        disk
    }

    fn take_in(&mut self, folder: &Path) {
        self.names.insert(folder.to_owned(), None);
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                self.take_in(&path);
            } else if !is_shared_memory(&path) {
                self.names.insert(path.clone(), Some(self.files.len()));
                self.files.push(fs::read(path).expect("a file"));
            }
        }
    }

    /// Lets one event happen.
    pub fn pass(&mut self, event: &Event) {
        let at = self.events;
        self.events += 1;
        match event {
            Event::Write { path, at: offset, bytes } => {
                self.edit(at, path, Edit::Write { at: *offset, bytes: bytes.clone() });
            }
            Event::Truncate { path, length } => {
                self.edit(at, path, Edit::Truncate { length: *length });
            }
            Event::Create { path } if self.seen.contains_key(path) || is_shared_memory(path) => {}
            Event::Create { path } => {
                let file = Some(self.files.len());
                self.files.push(Vec::new());
                self.rename(at, Naming::Make { path: path.clone(), file });
            }
            Event::MakeDir { path } => {
                self.rename(at, Naming::Make { path: path.clone(), file: None });
            }
            Event::Unlink { path } if is_shared_memory(path) => {}
            Event::Unlink { path } => self.rename(at, Naming::Remove { path: path.clone() }),
            Event::Rename { from, to } => {
                self.rename(at, Naming::Rename { from: from.clone(), to: to.clone() });
            }
            Event::Link { from, .. } if is_shared_memory(from) => {}
            Event::Link { from, to } => {
                let file = self.seen.get(from).copied().flatten();
                assert!(file.is_some(), "{} was never made", from.display());
                self.rename(at, Naming::Make { path: to.clone(), file });
            }
            Event::Sync { path, since } => self.sync(path, *since),
            Event::Said { .. } => {}
        }
    }

    fn edit(&mut self, at: usize, path: &Path, edit: Edit) {
        if is_shared_memory(path) {
            return;
        }
        let file = self.seen.get(path).copied().flatten();
        let file = file.unwrap_or_else(|| panic!("{} was never made", path.display()));
        self.pending.push((at, file, edit));
    }

    fn rename(&mut self, at: usize, naming: Naming) {
        naming.apply(&mut self.seen);
        self.pending_names.push((at, naming));
    }

    fn sync(&mut self, path: &Path, since: usize) {
        match self.seen.get(path) {
            Some(Some(file)) => {
                let file = *file;
                let done = |(at, of, _): &mut (usize, usize, Edit)| *of == file && *at < since;
                for (_, _, edit) in self.pending.extract_if(.., done) {
                    edit.apply(&mut self.files[file]);
                }
            }
            Some(None) => {
                let done = |(at, naming): &mut (usize, Naming)| *at < since && naming.is_in(path);
                for (_, naming) in self.pending_names.extract_if(.., done) {
                    naming.apply(&mut self.names);
                }
            }
            None => {}
        }
    }

    /// Cuts the power and writes what may be found afterwards to another folder.
    pub fn cut(&self, to: &Path, dice: &mut Dice) -> String {
        let fate = dice.pick(&FATES);
        let mut files = self.files.clone();
        for (_, file, edit) in &self.pending {
            edit.suffer(fate, &mut files[*file], dice);
        }
        let mut names = self.names.clone();
        let kept = match fate {
            Fate::Dropped => 0,
            Fate::Kept => self.pending_names.len(),
            // A file system keeps the order of names.
            Fate::Mixed | Fate::Torn => {
                let count = u64::try_from(self.pending_names.len()).expect("a count");
                usize::try_from(dice.below(count + 1)).expect("a count")
            }
        };
        for (_, naming) in self.pending_names.iter().take(kept) {
            naming.apply(&mut names);
        }
        for (path, file) in &names {
            let below = path.strip_prefix(&self.root).expect("a path below the root");
            match file {
                // Whoever lies in a folder that is not there is not there either.
                _ if path.parent().is_some_and(|parent| {
                    parent.starts_with(&self.root) && !names.contains_key(parent)
                }) => {}
                None => fs::create_dir_all(to.join(below)).expect("a folder"),
                Some(file) => fs::write(to.join(below), &files[*file]).expect("a file"),
            }
        }
        format!(
            "{fate:?}, {} writes and {} names open",
            self.pending.len(),
            self.pending_names.len()
        )
    }
}

impl Edit {
    fn apply(&self, file: &mut Vec<u8>) {
        match self {
            Edit::Write { at, bytes } => put(file, *at, bytes),
            Edit::Truncate { length } => file.resize(*length, 0),
        }
    }

    fn suffer(&self, fate: Fate, file: &mut Vec<u8>, dice: &mut Dice) {
        match (fate, self) {
            (Fate::Dropped, _) => {}
            (Fate::Kept, _) => self.apply(file),
            (Fate::Torn, Edit::Write { at, bytes }) => {
                let mut from = 0;
                while from < bytes.len() {
                    let to = (from + SECTOR - (at + from) % SECTOR).min(bytes.len());
                    if dice.below(2) == 0 {
                        put(file, at + from, &bytes[from..to]);
                    }
                    from = to;
                }
            }
            (Fate::Mixed | Fate::Torn, _) => {
                if dice.below(2) == 0 {
                    self.apply(file);
                }
            }
        }
    }
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let end = at + bytes.len();
    if file.len() < end {
        file.resize(end, 0);
    }
    file[at..end].copy_from_slice(bytes);
}

impl Naming {
    fn apply(&self, names: &mut Names) {
        match self {
            Naming::Make { path, file } => {
                names.insert(path.clone(), *file);
            }
            Naming::Remove { path } => {
                names.remove(path);
            }
            Naming::Rename { from, to } => {
                if let Some(file) = names.remove(from) {
                    names.insert(to.clone(), file);
                }
            }
        }
    }

    fn is_in(&self, folder: &Path) -> bool {
        let (Naming::Make { path, .. } | Naming::Remove { path } | Naming::Rename { to: path, .. }) =
            self;
        path.parent() == Some(folder)
    }
}

/// SQLite's shared memory lives in memory only.
fn is_shared_memory(path: &Path) -> bool {
    path.to_str().is_some_and(|path| path.ends_with("-shm"))
}
