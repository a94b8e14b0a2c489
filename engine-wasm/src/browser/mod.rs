//! The face for JavaScript: one [`Session`] in a class, and what a page needs to run the modules
//! itself. Thin: what is decided here is how things cross over, nothing else.
//!
//! Texts are JSON where they are not said to be something else. What is thrown is a string of JSON,
//! `{"code", "message"}`.

#![allow(
    unsafe_code,
    reason = "wasm-bindgen's macros write it; what is written by hand here is safe"
)]

mod call;
mod modules;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use call::Asked;
pub use call::Call;

use crate::ids;
use crate::model::Fed;
use crate::rules::{self, Edit, ModuleSlot, Session};

/// What is thrown: JSON, `{"code", "message"}`.
type Thrown = String;

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Options {
    detail: bool,
}

/// An engine: a model, the modules that judge it, and what they have answered so far.
#[wasm_bindgen]
#[derive(Default)]
pub struct Engine {
    session: Option<Session>,
    /// A model of which more is to come, and how many bytes it is said to have.
    coming: Option<(Fed, u64)>,
    /// What the answers to open questions are held against.
    asked: Vec<Asked>,
}

#[wasm_bindgen]
impl Engine {
    /// An engine without a model.
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Engine {
        Engine::default()
    }

    /// The version of the engine.
    #[must_use]
    pub fn version() -> String {
        crate::VERSION.to_owned()
    }

    /// A digest (BLAKE3, hex) of the engine's sources, as reports name it.
    #[must_use]
    pub fn digest() -> String {
        crate::SOURCE_DIGEST.to_owned()
    }

    /// Reads a model: IFC, zipped IFC, or the JSON object model. `options`: `{"detail": boolean}`,
    /// or empty. Returns `{format, name, records, elements, diagnostics}`.
    pub fn load(&mut self, bytes: Vec<u8>, options: &str) -> Result<String, Thrown> {
        let options: Options = options_of(options)?;
        self.session = None;
        self.coming = None;
        self.asked.clear();
        let mut session = Session::load(bytes).map_err(|e| thrown(e.code(), &e))?;
        session.set_detail(options.detail);
        let summary = written(&session.model().summary())?;
        self.session = Some(session);
        Ok(summary)
    }

    /// Begins to take a model in pieces; `expected` bytes in all, 0 when nobody knows.
    #[wasm_bindgen(js_name = loadBegin)]
    pub fn load_begin(&mut self, expected: f64) {
        self.session = None;
        self.asked.clear();
        // A float as an integer: what does not fit is the nearest that does.
        self.coming = Some((Fed::new(), expected as u64));
    }

    /// The next piece.
    #[wasm_bindgen(js_name = loadChunk)]
    pub fn load_chunk(&mut self, bytes: &[u8]) -> Result<(), Thrown> {
        let (fed, expected) = self.coming.as_mut().ok_or_else(not_begun)?;
        let fed = fed.feed(bytes, *expected);
        fed.map_err(|e| thrown(e.code(), &e))
    }

    /// Reads the model whose last piece was given. As [`Engine::load`].
    #[wasm_bindgen(js_name = loadFinish)]
    pub fn load_finish(&mut self, options: &str) -> Result<String, Thrown> {
        let (mut fed, _) = self.coming.take().ok_or_else(not_begun)?;
        self.load(fed.take(), options)
    }

    /// Whether rows that pass are reported too; starts a check from scratch.
    #[wasm_bindgen(js_name = setDetail)]
    pub fn set_detail(&mut self, detail: bool) -> Result<(), Thrown> {
        self.open()?.set_detail(detail);
        Ok(())
    }

    /// Sets the modules and starts a check from scratch. A list of
    /// `{"ready": {"manifest": text, "digest": hex}}`, the same in `{"preview": …}`, or
    /// `{"unavailable": {"id", "problem": {"code", "message"}}}`.
    #[wasm_bindgen(js_name = useModules)]
    pub fn use_modules(&mut self, modules: &str) -> Result<(), Thrown> {
        let slots: Vec<ModuleSlot> = read("bad-modules", modules)?;
        self.open()?.use_modules(slots);
        Ok(())
    }

    /// Applies a list of edits; what depends on them is asked about again. Returns `{applied}`.
    pub fn edit(&mut self, edits: &str) -> Result<String, Thrown> {
        let edits: Vec<Edit> = read("bad-edit", edits)?;
        let count = edits.len();
        let session = self.open()?;
        session.edit(edits).map_err(|e| thrown("bad-edit", &e))?;
        Ok(serde_json::json!({ "applied": count }).to_string())
    }

    /// The next question to a module; undefined: none is left, or there is no model. What is still
    /// open was dropped, and is asked again.
    #[wasm_bindgen(js_name = nextCall)]
    pub fn next_call(&mut self) -> Option<Call> {
        self.asked.clear();
        let call = self.session.as_mut()?.next_call();
        self.note(call)
    }

    /// A question beside those that are open; undefined: it needs their answers, or none is left.
    #[wasm_bindgen(js_name = furtherCall)]
    pub fn further_call(&mut self) -> Option<Call> {
        let call = self.session.as_mut()?.further_call();
        self.note(call)
    }

    /// Whether a question waits for its answer. It does no more when the module failed at one before
    /// it: then it is asked again.
    #[wasm_bindgen(js_name = isOpen)]
    #[must_use]
    pub fn is_open(&self, id: u32) -> bool {
        self.session.as_ref().is_some_and(|s| s.is_open(id))
    }

    /// Whether every question is answered.
    #[wasm_bindgen(js_name = isComplete)]
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.session.as_ref().is_some_and(Session::is_complete)
    }

    /// The report: the bytes of its JSON in UTF-8, exactly as the host writes them.
    pub fn report(&mut self) -> Result<Vec<u8>, Thrown> {
        let report = self.open()?.report();
        let report = report.map_err(|e| thrown("incomplete", &e))?;
        Ok(report.to_json().into_bytes())
    }

    /// What changed since the last report or delta.
    pub fn delta(&mut self) -> Result<String, Thrown> {
        let delta = self.open()?.delta();
        let delta = delta.map_err(|e| thrown("incomplete", &e))?;
        Ok(delta.to_json().to_owned())
    }

    /// All elements and storeys: `{elements, storeys}`.
    pub fn elements(&mut self) -> Result<String, Thrown> {
        written(&self.open()?.elements())
    }

    /// What there is to know of one element: facts, attributes, properties.
    pub fn element(&mut self, global_id: &str) -> Result<String, Thrown> {
        let found = self.open()?.element_details(global_id);
        let missing = || thrown("no-element", &"the model has no such element");
        written(&found.ok_or_else(missing)?)
    }

    /// Checks the model against IDS documents. `options`: `{model, names, most}`, each may be left
    /// out.
    #[wasm_bindgen(js_name = idsCheck)]
    pub fn ids_check(
        &mut self,
        documents: Vec<js_sys::Uint8Array>,
        options: &str,
    ) -> Result<String, Thrown> {
        let options: ids::CheckOptions = options_of(options)?;
        let documents = documents.iter().map(js_sys::Uint8Array::to_vec).collect();
        let report = ids::check_documents(self.open()?.model(), documents, &options)
            .map_err(|e| thrown(e.code(), &e))?;
        report.to_json().map_err(|e| thrown("unwritable", &e))
    }

    /// Says what is wrong with an IDS document.
    #[wasm_bindgen(js_name = idsAudit)]
    pub fn ids_audit(&self, document: &[u8]) -> Result<String, Thrown> {
        written(&ids::audit_document(document))
    }

    fn note(&mut self, call: Option<rules::Call>) -> Option<Call> {
        let call = call?;
        self.asked.push(Asked::from(&call));
        Some(Call::from(call))
    }

    fn open(&mut self) -> Result<&mut Session, Thrown> {
        let none = || thrown("no-model", &"load a model first");
        self.session.as_mut().ok_or_else(none)
    }
}

fn not_begun() -> Thrown {
    thrown("no-model", &"begin with loadBegin")
}

fn thrown(code: &str, message: &dyn std::fmt::Display) -> Thrown {
    serde_json::json!({ "code": code, "message": message.to_string() }).to_string()
}

fn read<T: DeserializeOwned>(code: &str, json: &str) -> Result<T, Thrown> {
    serde_json::from_str(json).map_err(|e| thrown(code, &e))
}

fn options_of<T: DeserializeOwned + Default>(json: &str) -> Result<T, Thrown> {
    if json.is_empty() {
        Ok(T::default())
    } else {
        read("bad-options", json)
    }
}

fn written<T: serde::Serialize>(what: &T) -> Result<String, Thrown> {
    serde_json::to_string(what).map_err(|e| thrown("unwritable", &e))
}
