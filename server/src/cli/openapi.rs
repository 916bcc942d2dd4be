//! `timbang openapi`

use super::output;
use crate::http::openapi::document;
use std::process::ExitCode;

pub(super) fn openapi() -> anyhow::Result<ExitCode> {
    let text = serde_json::to_string_pretty(&document())?;
    output::print(false, &serde_json::Value::Null, &text)?;
    Ok(ExitCode::SUCCESS)
}
