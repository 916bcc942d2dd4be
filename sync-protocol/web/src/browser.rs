//! t
use sqlite_wasm_vfs::sahpool::{OpfsSAHPoolCfgBuilder, install};
use sync_replica::{Platform, Replica};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(inline_js = "export function f(b){ crypto.getRandomValues(b) }")]
extern "C" {
    fn f(bytes: &mut [u8]);
}

#[derive(Debug)]
struct Browser;
impl Platform for Browser {
    fn wall_ms(&self) -> i64 {
        0
    }
    fn offset_minutes(&self) -> i32 {
        420
    }
    fn monotonic_ms(&self) -> i64 {
        0
    }
    fn random(&self, bytes: &mut [u8]) {
        f(bytes)
    }
    fn pragmas(&self) -> &str {
        "PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=FULL;"
    }
}

#[wasm_bindgen]
#[derive(Debug)]
pub struct Tablet {
    r: Replica,
}

#[wasm_bindgen]
pub async fn open() -> Result<Tablet, JsValue> {
    install::<sqlite_wasm_rs::WasmOsCallback>(&OpfsSAHPoolCfgBuilder::new().build(), true)
        .await
        .map_err(|e| JsValue::from_str(&e.to_string()))?;
    let o = Replica::open("timbang.db", Box::new(Browser))
        .map_err(|e| JsValue::from_str(&e.to_string()))?;
    Ok(Tablet { r: o.replica })
}
#[wasm_bindgen]
impl Tablet {
    pub fn status(&self) -> String {
        format!("{:?}", self.r.status())
    }
}
