//! `timbang password set|disable`

use crate::admin::people;
use crate::cli::arguments::{PasswordOptions, WorkerOptions};
use crate::cli::output;
use crate::service::Service;
use anyhow::{Context, bail};
use serde_json::json;
use std::io::{BufRead, IsTerminal, Read, stdin};
use std::process::ExitCode;

/// Far above what a password may be.
const LINE_BYTES_MAX: u64 = 4096;

pub(super) fn set(service: &Service, options: &PasswordOptions) -> anyhow::Result<ExitCode> {
    let password = read_password()?;
    let login = people::set_password(service, options.worker, options.login.as_deref(), &password)?;
    let text = format!("{login} may log in with the new password; nobody is logged in as them now");
    output::print(options.place.json, &json!({"login": login}), &text)?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn disable(service: &Service, options: &WorkerOptions) -> anyhow::Result<ExitCode> {
    let disabled = people::disable_login(service, options.worker)?;
    let text = if disabled {
        "nobody can log in as this person until a password is set again"
    } else {
        "this person has no login"
    };
    output::print(options.place.json, &json!({"disabled": disabled}), text)?;
    Ok(ExitCode::SUCCESS)
}

/// Asks twice, unseen, where somebody is there; else takes the first line.
fn read_password() -> anyhow::Result<String> {
    if !stdin().is_terminal() {
        let mut line = String::new();
        stdin()
            .lock()
            .take(LINE_BYTES_MAX)
            .read_line(&mut line)
            .context("cannot read the input")?;
        return Ok(line.trim_end_matches(['\r', '\n']).to_owned());
    }
    let password = rpassword::prompt_password("New password: ").context("cannot ask")?;
    if rpassword::prompt_password("Once more: ").context("cannot ask")? != password {
        bail!("the two are not the same: nothing was changed");
    }
    Ok(password)
}
