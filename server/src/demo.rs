//! The demo: a synthetic kecamatan, two tablets, one village day, and a server that stays.
//!
//! It goes the way of real use: the target list comes in through the importer, the tablets are
//! enrolled with codes and talk HTTP. Nothing in it is a real child.

pub mod population;

mod app;
mod clock;
mod day;
mod kecamatan;
mod logins;
mod story;
mod supervisor;
mod tablet;

use crate::http::serve::{Listen, bind, block_on, start_on};
use crate::http::{Gateway, Settings, has_tablet_app};
use crate::platform::SystemRandom;
use crate::serve_lock::ServeLock;
use crate::service::Service;
use crate::store::DATABASE_FILE;
use anyhow::Context;
use clap::Args;
use clock::StoryClock;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Exists once the demo's data is whole.
const READY_FILE: &str = "ready";
/// The database of the demo's server.
const SERVER_DIR: &str = "server";
/// Children in the kecamatan, about as many as there are.
const CHILDREN: u16 = 1_600;

#[derive(Clone, Debug, Args)]
pub struct DemoOptions {
    /// Directory of the demo's database and tablets
    #[arg(long, env = "TIMBANG_DEMO_DATA", default_value = "timbang-demo", value_name = "DIR")]
    pub data: PathBuf,
    /// Address and port to listen on
    #[arg(long, env = "TIMBANG_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR", value_parser = crate::cli::listen_address)]
    pub listen: SocketAddr,
    /// Synthetic children in the kecamatan
    #[arg(long, default_value_t = CHILDREN, value_parser = clap::value_parser!(u16).range(100..=10_000), value_name = "N")]
    pub children: u16,
    /// Set an earlier demo aside and start anew
    #[arg(long)]
    pub fresh: bool,
}

/// Runs the demo until it is interrupted.
pub fn run(options: &DemoOptions) -> anyhow::Result<ExitCode> {
    crate::cli::log_quietly();
    // First what can be refused: nothing is moved or made for a demo that cannot start.
    let listener = bind(options.listen).with_context(|| {
        format!(
            "choose another port, for example: demo --listen {}:{}",
            options.listen.ip(),
            options.listen.port().wrapping_add(1)
        )
    })?;
    let data = options.data.join(SERVER_DIR);
    let mut lock = take(&data, &options.data)?;
    let is_ready = options.data.join(READY_FILE).exists();
    let is_begun = data.join(DATABASE_FILE).exists();
    if is_begun && (options.fresh || !is_ready) {
        let aside = set_aside(&options.data)?;
        story::say(&format!(
            "The earlier demo now lies in {}; delete it when nobody needs it.",
            aside.display()
        ));
        lock = take(&data, &options.data)?;
    }
    let opening = if is_ready && !options.fresh {
        Opening::Resumed
    } else {
        Opening::Fresh { children: options.children.into() }
    };
    let clock = Arc::new(StoryClock::default());
    if opening != Opening::Resumed {
        clock.begin();
    }
    let service = Service::open(&data, Arc::clone(&clock) as _, Arc::new(SystemRandom))
        .with_context(|| format!("cannot open the demo's database in {}", data.display()))?;
    let service = Arc::new(service);
    let gateway = Arc::new(Gateway::new(Arc::clone(&service), Settings::default()));
    let listen = Listen::plain(options.listen);
    block_on(async {
        let running = start_on(listener, gateway, &listen)?;
        let (url, dir, handle) =
            (format!("http://{}", running.address), options.data.clone(), running.handle());
        // Tablets block while they talk, so they have a thread of their own beside the server's.
        let player = std::thread::spawn(move || {
            let played = play(&service, &clock, &url, &dir, opening);
            if played.is_err() {
                handle.stop();
            }
            played
        });
        let served = running.wait().await;
        match player.join() {
            Ok(played) => played?,
            Err(_) => anyhow::bail!("the demo's tablets stopped unexpectedly"),
        }
        served?;
        drop(lock);
        Ok(ExitCode::SUCCESS)
    })
}

/// Takes the directory of the demo's server, as `serve` does.
fn take(data: &Path, demo: &Path) -> anyhow::Result<ServeLock> {
    ServeLock::take(data).with_context(|| {
        format!(
            "a demo may be running on {} already: stop it with Ctrl-C, or give this one a directory \
             of its own with --data DIR",
            demo.display()
        )
    })
}

/// What a start of the demo does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Opening {
    Fresh { children: usize },
    Resumed,
}

/// Fills the kecamatan and plays the day, once; then says what can be tried.
fn play(
    service: &Service,
    clock: &Arc<StoryClock>,
    url: &str,
    dir: &Path,
    opening: Opening,
) -> anyhow::Result<()> {
    if let Opening::Fresh { children } = opening {
        let kecamatan = kecamatan::fill(service, children)?;
        day::play(service, &kecamatan, clock, url, dir)?;
        clock.end();
        std::fs::write(dir.join(READY_FILE), b"")?;
    } else {
        story::say("The demo goes on with the data of its last start (--fresh starts anew).");
    }
    supervisor::tell(service)?;
    story::what_to_try(url, dir);
    supervisor::what_to_ask(service, url)?;
    logins::tell(service, url)?;
    app::tell(service, url, has_tablet_app())?;
    story::stays(url);
    Ok(())
}

/// Moves an earlier demo out of the way; nothing is deleted.
fn set_aside(data: &Path) -> anyhow::Result<PathBuf> {
    let mut number = 1_u32;
    let aside = loop {
        let mut name = data.as_os_str().to_owned();
        name.push(format!(".{number}"));
        let candidate = PathBuf::from(name);
        if !candidate.exists() {
            break candidate;
        }
        number += 1;
    };
    std::fs::rename(data, &aside)
        .with_context(|| format!("cannot move {} aside", data.display()))?;
    Ok(aside)
}
