//! Programs under strace: their file operations are written down, or some of them fail.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Everything that changes files, brings them to the disk, or tells somebody.
const CALLS: &str = "pwrite64,pwritev,pwritev2,write,writev,sendto,sendmsg,fsync,fdatasync,ftruncate,\
    truncate,fallocate,copy_file_range,sendfile,unlink,unlinkat,rename,renameat,renameat2,openat,\
    link,linkat,mkdir,mkdirat,rmdir";
/// Longer than anything that is written at once.
const TEXT_MAX: &str = "4194304";

/// How a program is watched.
#[derive(Clone, Debug, Default)]
pub struct Strace {
    /// Where its operations are written down.
    pub trace: Option<PathBuf>,
    /// What goes wrong, as strace writes it: `fdatasync:error=EIO:when=3`.
    pub inject: Vec<String>,
    /// Only operations on this file are watched, and go wrong.
    pub only: Option<PathBuf>,
}

impl Strace {
    /// The program that runs another one, watched.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-y", "-xx", "-s", TEXT_MAX, "-o"]);
        command.arg(self.trace.as_deref().unwrap_or(Path::new("/dev/null")));
        let calls: String = CALLS.split_whitespace().collect();
        command.args(["-e", &format!("trace={calls}"), "-e", "signal=none"]);
        for inject in &self.inject {
            command.args(["-e", &format!("inject={inject}")]);
        }
        if let Some(only) = &self.only {
            command.arg("-P").arg(only);
        }
        // Other calls go on at their speed then, but signals do not arrive.
        if !self.inject.iter().any(|inject| inject.contains("signal=")) {
            command.arg("--seccomp-bpf");
        }
        command.arg("--").arg(program);
        command
    }
}

/// What a program did to files below one folder, or said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    Write {
        path: PathBuf,
        at: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        path: PathBuf,
        length: usize,
    },
    /// Opened, and made when it was not there.
    Create {
        path: PathBuf,
    },
    MakeDir {
        path: PathBuf,
    },
    /// Of a file, or of an empty folder.
    Unlink {
        path: PathBuf,
    },
    /// A second name for a file.
    Link {
        from: PathBuf,
        to: PathBuf,
    },
    Rename {
        from: PathBuf,
        to: PathBuf,
    },
    /// A file or folder is on the disk, with every event before the `since`-th.
    Sync {
        path: PathBuf,
        since: usize,
    },
    /// Sent over a socket or a pipe.
    Said {
        bytes: Vec<u8>,
    },
}

impl Event {
    pub fn said(&self) -> Option<&[u8]> {
        if let Event::Said { bytes } = self { Some(bytes) } else { None }
    }
}

/// Reads the traces of programs that ran one after the other.
pub fn read_traces(traces: &[PathBuf], root: &Path) -> Vec<Event> {
    let mut reader =
        Reader { root, events: Vec::new(), begun: Vec::new(), positions: BTreeMap::new() };
    for trace in traces {
        let text = fs::read_to_string(trace).expect("a trace: is strace installed?");
        text.lines().for_each(|line| reader.line(line));
        // What a killed program had begun never came to its end.
        reader.begun.clear();
    }
    reader.events
}

/// A call that has not ended yet.
struct Begun {
    pid: String,
    text: String,
    /// Events that had happened when it began.
    since: usize,
}

struct Reader<'r> {
    root: &'r Path,
    events: Vec<Event>,
    begun: Vec<Begun>,
    /// How far each file was written by calls that do not say where: one program at a time opens it,
    /// and writes it from its beginning.
    positions: BTreeMap<PathBuf, usize>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) {
        let Some((pid, text)) = line.split_once(char::is_whitespace) else { return };
        let (text, since) = (text.trim_start(), self.events.len());
        if let Some(text) = text.strip_suffix("<unfinished ...>") {
            // What was said may have been heard before the call came back.
            self.say(text);
            self.begun.push(Begun { pid: pid.to_owned(), text: text.to_owned(), since });
        } else if let Some((_, rest)) = text.split_once(" resumed>") {
            let at = self.begun.iter().position(|begun| begun.pid == pid);
            let begun = self.begun.remove(at.expect("a call that began"));
            self.end(&format!("{}{rest}", begun.text), begun.since);
        } else {
            self.say(text);
            self.end(text, since);
        }
    }

    fn say(&mut self, text: &str) {
        let Some((call, rest)) = text.split_once('(') else { return };
        if !["write", "writev", "sendto", "sendmsg"].contains(&call) {
            return;
        }
        let to = path_of(rest.split(", ").next().unwrap_or_default());
        if to.starts_with("/") {
            return;
        }
        let bytes = rest.split('"').skip(1).step_by(2).flat_map(unhex).collect();
        self.events.push(Event::Said { bytes });
    }

    fn end(&mut self, text: &str, since: usize) {
        let Some((call, rest)) = text.split_once('(') else { return };
        let Some((rest, result)) = rest.rsplit_once(" = ") else { return };
        if result.starts_with(['-', '?']) {
            return;
        }
        let rest = rest.trim_end().trim_end_matches(')');
        let arguments: Vec<&str> = rest.split(", ").map(str::trim).collect();
        let fd = path_of(arguments[0]);
        let named =
            |at: usize| PathBuf::from(OsString::from_vec(unhex(arguments[at].trim_matches('"'))));
        let event = match call {
            "pwrite64" => Event::Write {
                at: arguments[3].parse().expect("an offset"),
                bytes: written(arguments[1], result),
                path: fd,
            },
            "ftruncate" => {
                Event::Truncate { path: fd, length: arguments[1].parse().expect("a length") }
            }
            "fsync" | "fdatasync" => Event::Sync { path: fd, since },
            "openat" => {
                self.positions.remove(&named(1));
                if !arguments[2].contains("O_CREAT") {
                    return;
                }
                Event::Create { path: named(1) }
            }
            "mkdir" => Event::MakeDir { path: named(0) },
            "unlink" | "rmdir" => Event::Unlink { path: named(0) },
            "unlinkat" => Event::Unlink { path: fd.join(named(1)) },
            "rename" => Event::Rename { from: named(0), to: named(1) },
            "linkat" => Event::Link { from: named(1), to: named(3) },
            "write" if fd.starts_with(self.root) => {
                let bytes = written(arguments[1], result);
                self.append(fd, bytes)
            }
            "copy_file_range" if path_of(arguments[2]).starts_with(self.root) => {
                let to = path_of(arguments[2]);
                let bytes = self.copied(&fd, &to, result);
                self.append(to, bytes)
            }
            "write" | "writev" | "sendto" | "sendmsg" => {
                assert!(!fd.starts_with(self.root), "not modelled: {call} to {}", fd.display());
                return;
            }
            other => {
                assert!(!fd.starts_with(self.root), "not modelled: {other}");
                return;
            }
        };
        if self.concerns(&event) {
            self.events.push(event);
        }
    }

    /// A write behind what was written before.
    fn append(&mut self, path: PathBuf, bytes: Vec<u8>) -> Event {
        let position = self.positions.entry(path.clone()).or_default();
        let at = *position;
        *position += bytes.len();
        Event::Write { path, at, bytes }
    }

    /// What a file got of another one, which nobody changed since.
    fn copied(&self, from: &Path, to: &Path, result: &str) -> Vec<u8> {
        let at = self.positions.get(to).copied().unwrap_or_default();
        let count: usize = result.trim().parse().expect("a count");
        fs::read(from).expect("a file that was copied")[at..at + count].to_vec()
    }

    fn concerns(&self, event: &Event) -> bool {
        match event {
            Event::Write { path, .. }
            | Event::Truncate { path, .. }
            | Event::Create { path }
            | Event::MakeDir { path }
            | Event::Unlink { path }
            | Event::Rename { from: path, .. }
            | Event::Link { from: path, .. }
            | Event::Sync { path, .. } => path.starts_with(self.root),
            Event::Said { .. } => true,
        }
    }
}

/// The path in `7<\x2f…>`.
fn path_of(argument: &str) -> PathBuf {
    let path = argument.split_once('<').map_or("", |(_, path)| path);
    let path = path.split_once('>').map_or(path, |(path, _)| path);
    PathBuf::from(OsString::from_vec(unhex(path)))
}

/// What a call that wrote `result` bytes wrote.
fn written(argument: &str, result: &str) -> Vec<u8> {
    let mut bytes = unhex(argument.trim_matches('"'));
    let count: usize = result.trim().parse().expect("a count");
    assert!(bytes.len() >= count, "the trace is cut short");
    bytes.truncate(count);
    bytes
}

/// `\x2f\x74…` as bytes.
fn unhex(text: &str) -> Vec<u8> {
    let digit = |digit: u8| match digit {
        b'0'..=b'9' => digit - b'0',
        b'a'..=b'f' => digit - b'a' + 10,
        other => panic!("{other} is no hexadecimal digit"),
    };
    let pairs = text.as_bytes().chunks_exact(4);
    pairs.map(|pair| digit(pair[2]) << 4 | digit(pair[3])).collect()
}
