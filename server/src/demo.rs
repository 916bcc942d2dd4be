//! The demo: a synthetic kecamatan, two tablets, one village day, and a server that stays.
//!
//! It goes the way of real use: the target list comes in through the importer, the tablets are
//! enrolled with codes and talk HTTP. Nothing in it is a real child.

pub mod population;

mod clock;
mod day;
mod kecamatan;
mod story;
mod supervisor;
mod tablet;

use crate::http::serve::{Listen, block_on, start};
use crate::http::{Service, Settings};
use crate::platform::SystemRandom;
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
    #[arg(long, env = "TIMBANG_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR")]
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
    let is_ready = options.data.join(READY_FILE).exists();
    if options.data.exists() && (options.fresh || !is_ready) {
        let aside = set_aside(&options.data)?;
        story::say(&format!("The earlier demo now lies in {}.", aside.display()));
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
    let data = options.data.join(SERVER_DIR);
    let service =
        Service::open(&data, Arc::clone(&clock) as _, Arc::new(SystemRandom), Settings::default())
            .with_context(|| format!("cannot open the demo's database in {}", data.display()))?;
    let service = Arc::new(service);
    let listen = Listen::plain(options.listen);
    block_on(async {
        let running = start(Arc::clone(&service), &listen).with_context(|| {
            format!(
                "choose another port, for example: demo --listen {}:{}",
                listen.address.ip(),
                listen.address.port().wrapping_add(1)
            )
        })?;
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
        Ok(ExitCode::SUCCESS)
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
    std::fs::rename(data, &aside).with_context(|| {
        format!("cannot move {} aside; is a demo still running on it?", data.display())
    })?;
    Ok(aside)
}
