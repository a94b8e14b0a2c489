//! `ship INTERPRETER FOLDER RULEBOOK…` makes the modules of the rulebooks that the program is built with:
//! for each `ID.wasm`, and `ID.json` with what the module says of itself, so that nobody has to run it to
//! know where it applies. What is newer than all that it is made from stays; what is of no rulebook goes.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use std::{env, fs};

use plancheck_rulebook::Rulebook;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let (Some(interpreter), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("ship INTERPRETER FOLDER RULEBOOK…".into());
    };
    let tools = changed(&interpreter)?.max(changed(&env::current_exe()?)?);
    let interpreter = fs::read(interpreter)?;
    fs::create_dir_all(&folder)?;
    let mut shipped = BTreeSet::new();
    let mut made = 0;
    for path in arguments {
        // The folder of a rulebook has the name of its module.
        let id = path.parent().and_then(Path::file_name);
        let id = id.ok_or("a rulebook lies in a folder of its own")?;
        let (module, manifest) = (
            folder.join(id).with_extension("wasm"),
            folder.join(id).with_extension("json"),
        );
        let newest = tools.max(changed(&path)?);
        if !(is_newer(&module, newest) && is_newer(&manifest, newest)) {
            let name = path.display().to_string();
            let rulebook = Rulebook::parse(&fs::read_to_string(&path)?, &name)
                .map_err(|errors| errors.render(false))?;
            if rulebook.manifest().module.id.as_str() != id {
                return Err(format!("{name}: its folder is not called as its module").into());
            }
            let component = wit_component::ComponentEncoder::default()
                .module(&rulebook.module(&interpreter)?)?
                .validate(true)
                .encode()?;
            fs::write(&module, component)?;
            fs::write(&manifest, rulebook.manifest().to_json())?;
            made += 1;
        }
        shipped.extend([module, manifest]);
    }
    for entry in fs::read_dir(&folder)? {
        let path = entry?.path();
        if !shipped.contains(&path) {
            fs::remove_file(path)?;
        }
    }
    eprintln!(
        "    {} rulebooks, {made} of them made anew",
        shipped.len() / 2
    );
    Ok(())
}

fn changed(path: &Path) -> std::io::Result<SystemTime> {
    fs::metadata(path)?.modified()
}

fn is_newer(path: &Path, than: SystemTime) -> bool {
    changed(path).is_ok_and(|changed| changed > than)
}
