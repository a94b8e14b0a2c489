//! Any bytes as a module's file, and modules with bytes changed: each is refused, or a core module
//! comes out in which a page finds every function by its name.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plancheck_engine::module_file::{ModuleFile, core_module};

/// Pages of memory that a module may have.
const PAGES: u32 = 4_096;

/// An honest module, and those that hide a second program.
static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let honest = plancheck_hostile::module(plancheck_hostile::HONEST);
    let wrapped = plancheck_hostile::wrapped().expect("modules");
    let mut files: Vec<Vec<u8>> = wrapped.into_iter().map(|file| file.bytes).collect();
    files.push(honest.expect("a module"));
    files
});

/// One of the modules with bytes changed: which one, then for each change where (two bytes), and what
/// stands there.
fn changed(data: &[u8]) -> Vec<u8> {
    let (which, changes) = data.split_first().unwrap_or((&0, &[]));
    let mut file = FILES[usize::from(*which) % FILES.len()].clone();
    for change in changes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % file.len();
        file[at] = change[2];
    }
    file
}

fuzz_target!(|data: &[u8]| {
    for file in [data.to_vec(), changed(data)] {
        let Ok(core) = core_module(&file, PAGES) else {
            continue;
        };
        let read = ModuleFile::read(&file).expect("it was read before");
        assert!(read.interface().starts_with("plancheck:module/rules@1."));
        assert!(core.starts_with(b"\0asm\x01\0\0\0"));
        for name in ["describe", "derive", "evaluate"] {
            let name = format!("{}#{name}", read.interface());
            assert!(
                core.windows(name.len())
                    .any(|bytes| bytes == name.as_bytes()),
                "{name}"
            );
        }
    }
});
