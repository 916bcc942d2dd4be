//! `timbang-tablet`: the reference tablet on the command line. It only reads arguments, calls the
//! library and says what is true in Bahasa Indonesia; no rule lives here.

mod answer;
mod args;
mod chart;
mod child;
mod due;
mod enrol;
mod failure;
mod form;
mod growth_view;
mod history;
mod machine;
mod measure;
mod outbox;
mod pick;
mod record_view;
mod series;
mod status;
mod sync;
mod usage;
mod visit;

use answer::Answer;
use args::{Args, Command};
use failure::Failure;
use machine::Machine;
use std::process::ExitCode;
use sync_replica::Replica;

fn main() -> ExitCode {
    let args = match usage::parse() {
        Ok(args) => args,
        Err(code) => return code,
    };
    let done = run(&args).and_then(|answer| answer.print(args.json).map_err(Failure::from));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(args.json),
    }
}

fn run(args: &Args) -> Result<Answer, Failure> {
    let mut replica = open(args)?;
    let replica = &mut replica;
    match &args.command {
        Command::Enrol(command) => enrol::run(replica, command),
        Command::Child(command) => child::run(replica, command),
        Command::Measure(command) => measure::run(replica, command),
        Command::Visit(command) => visit::run(replica, command),
        Command::Due(command) => due::run(replica, command),
        Command::Sync(command) => sync::run(replica, command, args.json),
        Command::Outbox(command) => outbox::run(replica, command),
        Command::Status => status::run(replica),
        Command::Log(command) => history::log(replica, command),
        Command::Parked => history::parked(replica),
        Command::Superseded => history::superseded(replica),
    }
}

/// Only enrolment makes a file: a mistyped name must not look like an empty tablet.
fn open(args: &Args) -> Result<Replica, Failure> {
    if !args.db.exists() && !matches!(args.command, Command::Enrol(_)) {
        return Err(Failure::new(
            "no_file",
            format!(
                "Berkas {} tidak ada. Periksa --db, atau minta kode ke penyelia.",
                args.db.display()
            ),
        )
        .and(failure::ENROL));
    }
    let opened = Replica::open(&args.db, Box::new(Machine::new()))?;
    if let Some(aside) = &opened.set_aside {
        failure::warn(
            args.json,
            "file_set_aside",
            &format!(
                "Berkas data rusak dan disisihkan ke {}. Berkas itu tidak dihapus dan mungkin berisi \
                 data yang belum terkirim: serahkan ke penyelia. Tablet mulai dengan berkas kosong.",
                aside.display()
            ),
        )?;
    }
    Ok(opened.replica)
}
