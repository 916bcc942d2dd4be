//! The tablet app in a browser, enrolled by a link: what a field worker gets.

use super::story::{heading, say};
use crate::admin::people::{list_workers, make_code};
use crate::service::Service;
use crate::store::Role;

/// Says where the app is, when the program has it, with a code that makes a browser a worker's further tablet, or that it was
/// not built.
pub(super) fn tell(service: &Service, url: &str, has_app: bool) -> anyhow::Result<()> {
    heading("The tablet app, in a browser, too:");
    if !has_app {
        say("It is not in this program. Build it, and start the demo again:");
        say("cargo run --release -p web-build");
        return Ok(());
    }
    let workers = list_workers(service)?;
    let Some((worker, _)) = workers.into_iter().find(|(worker, _)| worker.role == Role::Tenaga)
    else {
        return Ok(());
    };
    let code = make_code(service, worker.id)?.code;
    say(&format!("{url}/app/#kode={code}"));
    say(&format!("makes this browser a tablet of {}; a new code at every start", worker.name));
    Ok(())
}
