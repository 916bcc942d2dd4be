//! `timbang export WHAT FILE`

use super::arguments::Place;
use super::output;
use crate::access::selection::Filters;
use crate::admin::export::{ExportOrder, Exported, export};
use crate::export::csv::{CsvOptions, Separator};
use crate::export::recap::RecapBy;
use crate::export::{Format, What};
use crate::service::Service;
use anyhow::Context;
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;
use sync_protocol::area::Area;
use sync_protocol::month::Month;

#[derive(Debug, Args)]
pub struct ExportOptions {
    /// children, measurements, visits, eppgbm-identitas, eppgbm-pengukuran, eppgbm-bnba or recap
    pub what: What,
    /// The file; its ending says the format: .csv, .xlsx, or .ndjson for records
    pub file: PathBuf,
    /// Only what lives in this area
    #[arg(long, value_name = "CODE", value_parser = super::arguments::area_code)]
    pub area: Option<Area>,
    /// Only what lives in the desa of this puskesmas
    #[arg(long, value_name = "CODE")]
    pub puskesmas: Option<String>,
    /// Only children of this posyandu
    #[arg(long, value_name = "NAME")]
    pub posyandu: Option<String>,
    /// Only measurements and visits of this month; a recap needs one
    #[arg(long, value_name = "YYYY-MM", required_if_eq("what", "recap"))]
    pub month: Option<Month>,
    /// A recap per desa or per puskesmas
    #[arg(long, default_value = "desa", value_name = "desa|puskesmas")]
    pub by: RecapBy,
    /// Begin a CSV file with a byte order mark, for Excel
    #[arg(long)]
    pub bom: bool,
    /// What separates the cells of a CSV file: , or ;
    #[arg(long, default_value = ",", value_name = "SIGN")]
    pub separator: Separator,
    /// End a CSV file with a row that says what it is a picture of
    #[arg(long)]
    pub note: bool,
    #[command(flatten)]
    pub place: Place,
}

pub(super) fn run(service: &Service, options: ExportOptions) -> anyhow::Result<ExitCode> {
    let ending = options.file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let format: Format = ending
        .parse()
        .with_context(|| format!("{} says no format by its ending", options.file.display()))?;
    anyhow::ensure!(
        options.month.is_none() || options.what.has_month(),
        "children have no month: leave --month out"
    );
    let order = ExportOrder {
        what: options.what,
        format,
        filters: Filters {
            area: options.area,
            puskesmas: options.puskesmas,
            posyandu: options.posyandu,
            month: options.month,
        },
        csv: CsvOptions { bom: options.bom, separator: options.separator, note: options.note },
        recap_by: options.by,
    };
    let Exported { rows, as_of, areas } = export(service, &order, &options.file)
        .with_context(|| format!("{} was not written", options.file.display()))?;
    let completeness = as_of.completeness;
    let value = json!({
        "rows": rows, "feed": as_of.feed, "time": as_of.time(), "areas": areas,
        "devices": completeness.devices, "silent": completeness.silent,
        "parked": completeness.parked, "conflicts": completeness.conflicts,
    });
    let text = format!(
        "{rows} rows written to {}, as of feed position {} at {}\n\
         {} of {} tablets silent for more than 7 days, {} changes parked, {} conflicts open",
        options.file.display(),
        as_of.feed,
        as_of.time(),
        completeness.silent,
        completeness.devices,
        completeness.parked,
        completeness.conflicts,
    );
    output::print(options.place.json, &value, &text)?;
    Ok(ExitCode::SUCCESS)
}
