//! What a page needs to run the modules itself.

use plancheck_contract::{Jurisdiction, Manifest};
use wasm_bindgen::prelude::*;

use super::{Thrown, thrown};
use crate::module_file;
use crate::rules::place::{Place, place_of};

/// Takes the core module out of a module's file, when a browser can run it, and limits its memory
/// to so many pages of 64 KiB.
#[wasm_bindgen(js_name = moduleCore)]
pub fn module_core(
    component: &[u8],
    #[wasm_bindgen(js_name = maxPages)] max_pages: u32,
) -> Result<Vec<u8>, Thrown> {
    module_file::core_module(component, max_pages).map_err(|e| thrown(e.code(), &e))
}

/// A digest (BLAKE3, hex) of a module's file, as reports name it.
#[wasm_bindgen(js_name = moduleDigest)]
#[must_use]
pub fn module_digest(component: &[u8]) -> String {
    module_file::digest(component)
}

/// Holds a module's file against its minisign signature; returns the id of the key.
#[wasm_bindgen(js_name = verifySignature)]
pub fn verify_signature(
    component: &[u8],
    signature: &str,
    #[wasm_bindgen(js_name = trustedKeys)] trusted_keys: Vec<String>,
) -> Result<String, Thrown> {
    module_file::verify(component, signature, &trusted_keys).map_err(|e| thrown(e.code(), &e))
}

/// Which manifests (their positions) apply to a place such as `us/ca/san-francisco`; all, where it
/// is empty. One that cannot be read always applies: nobody knows where.
#[wasm_bindgen(js_name = selectModules)]
pub fn select_modules(jurisdiction: &str, manifests: Vec<String>) -> Result<Vec<u32>, Thrown> {
    let read: Vec<Option<Jurisdiction>> = manifests
        .iter()
        .map(|json| Manifest::from_json(json).ok().map(|m| m.jurisdiction))
        .collect();
    let place = if jurisdiction.is_empty() {
        None
    } else {
        let place: Place = jurisdiction.parse().map_err(|e| thrown("bad-place", &e))?;
        Some(place)
    };
    let applies = |of: &Option<Jurisdiction>| match (&place, of) {
        (Some(place), Some(of)) => place.is_in(of),
        _ => true,
    };
    if let Some(place) = &place
        && !read.iter().flatten().any(|of| place.is_in(of))
    {
        // Several modules of one place name it once.
        let mut known: Vec<String> = read.iter().flatten().map(place_of).collect();
        known.sort();
        known.dedup();
        let message = format!(
            "no module applies to {place}; there are modules for: {}",
            if known.is_empty() {
                "nowhere".to_owned()
            } else {
                known.join(", ")
            }
        );
        return Err(thrown("no-module-applies", &message));
    }
    let chosen = read.iter().zip(0..).filter(|(of, _)| applies(of));
    Ok(chosen.map(|(_, position)| position).collect())
}

/// Holds a manifest against the contract; returns its place, as `us/ca`. The rest a page reads itself.
#[wasm_bindgen(js_name = examineManifest)]
pub fn examine_manifest(manifest: &str) -> Result<String, Thrown> {
    let manifest = Manifest::from_json(manifest).map_err(|e| thrown("bad-manifest", &e))?;
    Ok(place_of(&manifest.jurisdiction))
}
