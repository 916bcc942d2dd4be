//! What can be typed.

use super::export::ExportOptions;
use super::operations::OperationCommand;
use super::report::ReportCommand;
use super::serve::ServeOptions;
use crate::demo::DemoOptions;
use crate::store::{GrantOf, Role};
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;
use sync_protocol::area::Area;
use sync_protocol::ids::{DeviceNo, WorkerId};

/// Timbang: keeps the target list of toddlers the same on every field tablet, at the puskesmas and
/// at the kabupaten, although the villages have no signal.
#[derive(Debug, Parser)]
#[command(name = "timbang", version, propagate_version = true, after_help = EXAMPLES)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  timbang demo
  timbang area import lahat.csv --data /var/lib/timbang
  timbang worker add --name 'Siti A.' --role tenaga --area 16.04.06.2008 --data /var/lib/timbang
  timbang code new --worker 6f1c… --data /var/lib/timbang
  timbang serve --data /var/lib/timbang --listen 127.0.0.1:8080";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Answer tablets and supervisors
    Serve(ServeOptions),
    /// Start a server with a synthetic kecamatan and play a village day on two tablets
    Demo(DemoOptions),
    /// Score a CSV of measurements from standard input: WHO z-scores and flags to standard output
    Growth,
    /// Print the description of the HTTP API: OpenAPI 3.1, as GET /v1/openapi.json answers it
    Openapi,
    #[command(flatten)]
    Operation(OperationCommand),
    #[command(flatten)]
    Admin(AdminCommand),
}

impl Command {
    pub fn as_json(&self) -> bool {
        match self {
            Command::Serve(_) | Command::Demo(_) | Command::Growth | Command::Openapi => false,
            Command::Operation(command) => command.as_json(),
            Command::Admin(command) => command.place().json,
        }
    }
}

/// What every command of administration takes.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// Directory of the database; made when it is missing
    #[arg(long, env = "TIMBANG_DATA", value_name = "DIR")]
    pub data: PathBuf,
    /// Print JSON for scripts
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// Areas by Kemendagri code
    #[command(subcommand)]
    Area(AreaCommand),
    /// Puskesmas and their desa
    #[command(subcommand)]
    Puskesmas(PuskesmasCommand),
    /// Posyandu of the desa
    #[command(subcommand)]
    Posyandu(PosyanduCommand),
    /// People and what they are granted
    #[command(subcommand)]
    Worker(WorkerCommand),
    /// Codes that enrol tablets
    #[command(subcommand)]
    Code(CodeCommand),
    /// Tokens of people who work without a tablet
    #[command(subcommand)]
    Token(TokenCommand),
    /// Logins to the pages
    #[command(subcommand)]
    Password(PasswordCommand),
    /// Tablets
    #[command(subcommand)]
    Device(DeviceCommand),
    /// Files in
    #[command(subcommand)]
    Import(ImportCommand),
    /// Files out: records, the layouts of e-PPGBM, the recap
    Export(ExportOptions),
    /// Monthly figures and how complete they are
    #[command(subcommand)]
    Report(ReportCommand),
    /// Check the file, the digests, the records and the log
    Check(CheckOptions),
}

#[derive(Debug, Subcommand)]
pub enum AreaCommand {
    /// Import areas: a table (CSV or .xlsx) with the columns code, level, name, parent
    Import(TableOptions),
}

#[derive(Debug, Subcommand)]
pub enum PuskesmasCommand {
    /// Import puskesmas: a table (CSV or .xlsx) with the columns code, name, desa (area codes)
    Import(TableOptions),
}

#[derive(Debug, Subcommand)]
pub enum PosyanduCommand {
    /// Import posyandu: a table (CSV or .xlsx) with the columns desa (area code), name
    Import(TableOptions),
}

#[derive(Debug, Args)]
pub struct FileOptions {
    /// The file
    pub file: PathBuf,
    #[command(flatten)]
    pub place: Place,
}

/// A table that people bring.
#[derive(Debug, Args)]
pub struct TableOptions {
    /// The file: CSV or .xlsx
    pub file: PathBuf,
    /// The sheet to read, when an .xlsx file shows several
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Subcommand)]
pub enum WorkerCommand {
    /// Add a person
    Add(WorkerAddOptions),
    /// List everybody with their grants
    List(OnlyPlace),
    /// Grant areas or puskesmas
    Grant(GrantOptions),
    /// End grants
    Ungrant(UngrantOptions),
}

#[derive(Debug, Args)]
pub struct OnlyPlace {
    #[command(flatten)]
    pub place: Place,
}

/// Areas and puskesmas, each as often as needed.
#[derive(Clone, Debug, Args)]
pub struct Grants {
    /// Area code; can be given more than once
    #[arg(long = "area", value_name = "CODE", value_parser = area_code)]
    pub areas: Vec<Area>,
    /// Puskesmas code; can be given more than once
    #[arg(long = "puskesmas", value_name = "CODE")]
    pub puskesmas: Vec<String>,
}

impl Grants {
    pub fn list(self) -> Vec<GrantOf> {
        let areas = self.areas.into_iter().map(GrantOf::Area);
        areas.chain(self.puskesmas.into_iter().map(GrantOf::Puskesmas)).collect()
    }
}

#[derive(Debug, Args)]
pub struct WorkerAddOptions {
    /// As it is shown to others
    #[arg(long)]
    pub name: String,
    /// tenaga (tablet), penyelia, pengamat or admin
    #[arg(long)]
    pub role: Role,
    #[command(flatten)]
    pub grants: Grants,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").args(["areas", "puskesmas"]).required(true).multiple(true))]
pub struct GrantOptions {
    /// The worker's id
    #[arg(long, value_name = "ID", value_parser = worker_id)]
    pub worker: WorkerId,
    #[command(flatten)]
    pub grants: Grants,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").args(["areas", "puskesmas"]).required(true).multiple(true))]
pub struct UngrantOptions {
    /// The worker's id
    #[arg(long, value_name = "ID", value_parser = worker_id)]
    pub worker: WorkerId,
    /// End it for something the worker did: nothing more is accepted from there, at once
    #[arg(long)]
    pub for_cause: bool,
    #[command(flatten)]
    pub grants: Grants,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Subcommand)]
pub enum CodeCommand {
    /// Make a code that enrols one tablet within 24 hours
    New(WorkerOptions),
}

#[derive(Debug, Args)]
pub struct WorkerOptions {
    /// The worker's id
    #[arg(long, value_name = "ID", value_parser = worker_id)]
    pub worker: WorkerId,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token for the API; it is shown once
    Add(WorkerOptions),
    /// End every token of a person at once
    Revoke(WorkerOptions),
}

#[derive(Debug, Subcommand)]
pub enum PasswordCommand {
    /// Give a person a login and a password, or another password
    ///
    /// Asks for the password twice; where nobody is there to ask, it is the first line of the input.
    /// Whoever is logged in as this person is logged out.
    Set(PasswordOptions),
    /// Let nobody log in as this person until a password is set again
    Disable(WorkerOptions),
}

#[derive(Debug, Args)]
pub struct PasswordOptions {
    /// The person's id
    #[arg(long, value_name = "ID", value_parser = worker_id)]
    pub worker: WorkerId,
    /// What they type as their name; needed the first time
    #[arg(long, value_name = "NAME")]
    pub login: Option<String>,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Subcommand)]
pub enum DeviceCommand {
    /// List every tablet
    List(OnlyPlace),
    /// Let a tablet hand in what it has; when its queue is empty it erases itself
    Drain(DeviceOptions),
    /// Shut a tablet out at once; what it has not sent stays on it
    Revoke(RevokeOptions),
}

#[derive(Debug, Args)]
pub struct DeviceOptions {
    /// The device's number
    #[arg(value_parser = device_number)]
    pub device: DeviceNo,
    #[command(flatten)]
    pub place: Place,
}

#[derive(Debug, Args)]
pub struct RevokeOptions {
    /// The device's number
    #[arg(value_parser = device_number)]
    pub device: DeviceNo,
    /// Do not ask, although unsent work may stay on the tablet
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub place: Place,
}

fn device_number(text: &str) -> Result<DeviceNo, &'static str> {
    text.parse().map(DeviceNo).map_err(|_no_number| "it is a number: see `timbang device list`")
}

pub(super) fn area_code(text: &str) -> Result<Area, &'static str> {
    text.parse().map_err(|_no_code| {
        "an area code is like 16.04.06.2008 (desa), 16.04.06 (kecamatan) or 16.04 (kabupaten)"
    })
}

fn worker_id(text: &str) -> Result<WorkerId, &'static str> {
    text.parse().map_err(|_no_id| {
        "a worker is named by an id like 0193a5b2-0000-8000-8000-000000000001: see `timbang worker list`"
    })
}

/// An address and a port.
pub(crate) fn listen_address(text: &str) -> Result<SocketAddr, &'static str> {
    text.parse().map_err(|_no_address| "an address and a port, like 127.0.0.1:8080")
}

#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Import a target list with the identity columns of e-PPGBM
    ///
    /// The columns are found by their names: nama_anak, tgl_lahir, jenis_kelamin, and for the place
    /// kode_wilayah, or kecamatan and desa, or --area; the rest of e-PPGBM's identity template where
    /// it is there. CSV with comma, semicolon or tab, in UTF-8, or .xlsx. Good rows come in, bad ones
    /// are listed with their line, and then the status is 3; the same file again changes nothing.
    Sasaran(SasaranOptions),
    /// Import measurements: e-PPGBM's template "pengukuran" or its export "by name by address"
    ///
    /// The columns are found by their names: nama_anak, TANGGALUKUR, BERAT, TINGGI, and NIK or
    /// tgl_lahir, jenis_kelamin and the place. A row finds its child by NIK, else by desa, birth date,
    /// sex and name, so the target list comes first; a row whose child is not on it is refused and
    /// listed with its line, and then the status is 3. The same file again changes nothing.
    Pengukuran(PengukuranOptions),
    /// Import a tablet's unsent changes from the file that `timbang-tablet outbox` wrote
    Outbox(FileOptions),
    /// Import the office's changes that a restore lost from a tablet's database file
    Mirror(FileOptions),
}

#[derive(Debug, Args)]
pub struct SasaranOptions {
    #[command(flatten)]
    pub table: TableOptions,
    /// The desa of rows that do not say theirs
    #[arg(long, value_name = "CODE", value_parser = area_code)]
    pub area: Option<Area>,
    /// The posyandu of rows that do not say theirs
    #[arg(long, value_name = "NAME")]
    pub posyandu: Option<String>,
}

#[derive(Debug, Args)]
pub struct PengukuranOptions {
    #[command(flatten)]
    pub table: TableOptions,
    /// The desa of rows that do not say theirs
    #[arg(long, value_name = "CODE", value_parser = area_code)]
    pub area: Option<Area>,
}

#[derive(Debug, Args)]
pub struct CheckOptions {
    #[command(flatten)]
    pub place: Place,
}

impl AdminCommand {
    /// Whether a new, empty database would be no answer.
    pub fn is_about_what_is_there(&self) -> bool {
        matches!(self, AdminCommand::Export(_) | AdminCommand::Report(_))
    }

    pub fn place(&self) -> &Place {
        match self {
            AdminCommand::Area(AreaCommand::Import(options))
            | AdminCommand::Puskesmas(PuskesmasCommand::Import(options))
            | AdminCommand::Posyandu(PosyanduCommand::Import(options)) => &options.place,
            AdminCommand::Worker(WorkerCommand::Add(options)) => &options.place,
            AdminCommand::Worker(WorkerCommand::List(options))
            | AdminCommand::Device(DeviceCommand::List(options)) => &options.place,
            AdminCommand::Worker(WorkerCommand::Grant(options)) => &options.place,
            AdminCommand::Worker(WorkerCommand::Ungrant(options)) => &options.place,
            AdminCommand::Code(CodeCommand::New(options))
            | AdminCommand::Token(TokenCommand::Add(options) | TokenCommand::Revoke(options))
            | AdminCommand::Password(PasswordCommand::Disable(options)) => &options.place,
            AdminCommand::Password(PasswordCommand::Set(options)) => &options.place,
            AdminCommand::Device(DeviceCommand::Drain(options)) => &options.place,
            AdminCommand::Device(DeviceCommand::Revoke(options)) => &options.place,
            AdminCommand::Import(ImportCommand::Sasaran(options)) => &options.table.place,
            AdminCommand::Import(ImportCommand::Pengukuran(options)) => &options.table.place,
            AdminCommand::Import(
                ImportCommand::Outbox(options) | ImportCommand::Mirror(options),
            ) => &options.place,
            AdminCommand::Export(options) => &options.place,
            AdminCommand::Report(command) => command.place(),
            AdminCommand::Check(options) => &options.place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }
}
