//! A real Chromium without a screen, driven through ChromeDriver.

use crate::patience::PATIENCE;
use crate::processes::{descendants, kill_all};
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use std::fmt;
use std::future::Future;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// Chromium as a test needs it: without a screen, without its sandbox (tests may run as root), and
/// silent towards the network.
const ARGUMENTS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
];

/// A browser with one window. It ends when it is dropped.
pub struct Browser {
    runtime: Runtime,
    client: Client,
    driver: Driver,
    /// The folder of a browser that nobody opens again; it goes with the browser.
    profile: Option<TempDir>,
    is_killed: bool,
}

impl Browser {
    /// A browser that has never been used.
    #[track_caller]
    pub fn start(width: u32, height: u32) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let mut browser = Browser::with_profile(profile.path(), width, height);
        browser.profile = Some(profile);
        browser
    }

    /// A browser that keeps what it knows in a folder.
    #[track_caller]
    pub fn with_profile(profile: &Path, width: u32, height: u32) -> Self {
        let driver = Driver::start();
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let mut arguments = ARGUMENTS.map(str::to_owned).to_vec();
        arguments.push(format!("--user-data-dir={}", profile.display()));
        arguments.push(format!("--window-size={width},{height}"));
        let options = json!({"args": arguments});
        let capabilities = Map::from_iter([
            ("goog:chromeOptions".to_owned(), options),
            ("goog:loggingPrefs".to_owned(), json!({"browser": "ALL"})),
        ]);
        let client = runtime.block_on(async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities).connect(&driver.url).await
        });
        let client = client.expect("Chromium starts");
        let browser = Browser { runtime, client, driver, profile: None, is_killed: false };
        browser.resize(width, height);
        browser
    }

    #[track_caller]
    pub fn resize(&self, width: u32, height: u32) {
        self.run(self.client.set_window_size(width, height));
    }

    #[track_caller]
    pub fn open(&self, url: &str) {
        self.run(self.client.goto(url));
    }

    #[track_caller]
    pub fn reload(&self) {
        self.run(self.client.refresh());
    }

    /// kill -9 for all of its processes, and gone when this returns.
    #[track_caller]
    pub fn kill(mut self) {
        self.is_killed = true;
        kill_all(&descendants(self.driver.child.id()));
    }

    #[track_caller]
    pub fn address(&self) -> String {
        self.run(self.client.current_url()).to_string()
    }

    /// Waits until there is such a part.
    #[track_caller]
    pub fn wait_for(&self, css: &str) {
        drop(self.part(css));
    }

    #[track_caller]
    pub fn click(&self, css: &str) {
        let part = self.part(css);
        self.run(part.click());
    }

    /// Types into a field, which is emptied first.
    #[track_caller]
    pub fn type_in(&self, css: &str, text: &str) {
        let field = self.part(css);
        self.run(field.clear());
        self.run(field.send_keys(text));
    }

    /// Presses keys where the cursor is in a field, without emptying it.
    #[track_caller]
    pub fn press(&self, css: &str, keys: &str) {
        let field = self.part(css);
        self.run(field.send_keys(keys));
    }

    /// Chooses an entry of a list box by what can be read.
    #[track_caller]
    pub fn choose(&self, css: &str, label: &str) {
        let list = self.part(css);
        self.run(list.select_by_label(label));
    }

    /// What can be read in the first such part.
    #[track_caller]
    pub fn text(&self, css: &str) -> String {
        let part = self.part(css);
        self.run(part.text())
    }

    /// What can be read in every such part that is there now.
    #[track_caller]
    pub fn texts(&self, css: &str) -> Vec<String> {
        let parts = self.run(self.client.find_all(Locator::Css(css)));
        parts.iter().map(|part| self.run(part.text())).collect()
    }

    /// What a script answers, in the page.
    #[track_caller]
    pub fn script(&self, script: &str) -> Value {
        self.run(self.client.execute(script, vec![]))
    }

    /// What Chromium's own tools answer to a command of theirs.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.ask_driver("goog/cdp/execute", &json!({"cmd": command, "params": parameters}))
    }

    /// What Chromium has complained of since this was asked last: errors of scripts, files that did
    /// not come, what a policy forbade.
    #[track_caller]
    pub fn complaints(&self) -> Vec<Value> {
        let said = self.ask_driver("se/log", &json!({"type": "browser"}));
        let said = said.as_array().expect("a log").iter();
        said.filter(|entry| entry["level"] == "SEVERE").cloned().collect()
    }

    /// What the driver offers beyond the standard.
    #[track_caller]
    fn ask_driver(&self, about: &str, asked: &Value) -> Value {
        let session = self.run(self.client.session_id()).expect("a session");
        let driver = crate::http::Client::new(&self.driver.url);
        let reply = driver.post(&format!("/session/{session}/{about}")).json(asked).send();
        assert_eq!(reply.status, 200, "{asked}: {}", reply.text());
        reply.json()["value"].clone()
    }

    /// Waits until a script answers `true`.
    #[track_caller]
    pub fn wait_until(&self, condition: &str) {
        let script = format!("return Boolean({condition})");
        let started = std::time::Instant::now();
        while self.script(&script) != Value::Bool(true) {
            let is_over = started.elapsed() > PATIENCE;
            assert!(!is_over, "it does not come true: {condition}\n{}", self.text("main"));
        }
    }

    /// Goes on in the window that was opened last.
    #[track_caller]
    pub fn in_newest_window(&self) {
        let windows = self.run(self.client.windows());
        let newest = windows.into_iter().last().expect("a window");
        self.run(self.client.switch_to_window(newest));
    }

    /// A picture of what the window shows.
    #[track_caller]
    pub fn picture(&self) -> Vec<u8> {
        self.run(self.client.screenshot())
    }

    #[track_caller]
    fn part(&self, css: &str) -> Element {
        let wait = self.client.wait().at_most(PATIENCE);
        match self.runtime.block_on(wait.for_element(Locator::Css(css))) {
            Ok(part) => part,
            Err(error) => {
                panic!("{css} is not on {}: {error}\n{}", self.address(), self.text("body"))
            }
        }
    }

    #[track_caller]
    fn run<T, E: fmt::Debug>(&self, work: impl Future<Output = Result<T, E>>) -> T {
        match self.runtime.block_on(work) {
            Ok(value) => value,
            Err(error) => panic!("the browser: {error:?}"),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if self.is_killed {
            return;
        }
        let ended = self.runtime.block_on(self.client.clone().close());
        assert!(ended.is_ok() || std::thread::panicking(), "the browser ends: {ended:?}");
    }
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser").field("driver", &self.driver.url).finish_non_exhaustive()
    }
}

/// ChromeDriver on a port of its own.
struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    fn start() -> Self {
        let mut child = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed (Debian: chromium-driver)");
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        // "ChromeDriver was started successfully on port 12345."
        let port = output.lines().map_while(Result::ok).find_map(|line| {
            let port = line.split("successfully on port ").nth(1)?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let url = format!("http://127.0.0.1:{}", port.expect("chromedriver says its port"));
        Driver { child, url }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let ended = self.child.kill().and_then(|()| self.child.wait());
        assert!(ended.is_ok() || std::thread::panicking(), "chromedriver ends");
    }
}
