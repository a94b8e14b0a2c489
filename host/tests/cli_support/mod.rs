//! What the tests of the command line and of the server share: the real program, small models,
//! a folder for compiled modules that they have in common.

#![allow(dead_code, reason = "each test file uses its part")]

use std::path::PathBuf;
use std::process::{Command, Output};

use plancheck_host::runtime::{embedded_engine, embedded_modules};

/// The program, with nothing of the caller's settings.
pub fn plancheck() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plancheck"));
    command
        .env(
            "PLANCHECK_CACHE_DIR",
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cache"),
        )
        .env(
            "PLANCHECK_DATA_DIR",
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("data"),
        )
        .env("COLUMNS", "100")
        .env_remove("PLANCHECK_LOG")
        .env_remove("CLICOLOR_FORCE")
        .current_dir(root());
    command
}

/// The checkout.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Whether the host was built with an engine and modules. Says so where it was not; in CI that is
/// a failure.
pub fn complete(test: &str) -> bool {
    let complete = embedded_engine().is_some() && !embedded_modules().is_empty();
    if !complete {
        let why =
            format!("{test}: SKIPPED, the host was built without components; run `./x wasm` first");
        assert!(std::env::var_os("CI").is_none(), "{why}");
        eprintln!("{why}");
    }
    complete
}

/// Runs it to its end.
pub fn run(command: &mut Command) -> Output {
    command.output().expect("the program starts")
}

/// Standard output.
pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// Standard error.
pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("text")
}

/// The exit code.
pub fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

/// More doors than an engine of [`SMALL_MEMORY`] can hold: half a megabyte of IFC.
pub fn many_doors() -> Vec<u8> {
    let mut model = String::from(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n\
         FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n",
    );
    for number in 1..=6_000 {
        model.push_str(&format!(
            "#{number}=IFCDOOR('{number:022}',$,'Door {number}',$,$,$,$,$,2.1,0.7,$,$,$);\n"
        ));
    }
    model.push_str("ENDSEC;\nEND-ISO-10303-21;\n");
    model.into_bytes()
}

/// Enough for the engine and a house.
pub const SMALL_MEMORY: &str = "16MiB";

/// A model of one door that is too narrow, in a space without an area.
pub fn door_model(name: &str) -> String {
    serde_json::json!({
        "building_id": "b", "building_name": "Small house",
        "metadata": { "location": { "country": "us" }, "occupancy": "B" },
        "objects": [
            { "object_id": "d1", "object_type": "door",
              "properties": { "name": name, "clear_width": 0.7, "clear_height": 2.1 } },
        ],
    })
    .to_string()
}
