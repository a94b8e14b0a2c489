//! Every IFC file that we have gives a model or a typed error, never a panic.

use std::path::{Path, PathBuf};

use super::*;

/// The folder with real files, or none with a loud note.
fn shared() -> Option<PathBuf> {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let path = std::env::var_os("PLANCHECK_SHARED")
        .map_or(default, PathBuf::from)
        .join("data");
    if path.is_dir() {
        return Some(path);
    }
    eprintln!(
        "SKIPPED: {} does not exist; set PLANCHECK_SHARED to the shared data",
        path.display()
    );
    None
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            files(&path, into);
        } else if path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("ifc") || e.eq_ignore_ascii_case("ifczip"))
        {
            into.push(path);
        }
    }
}

/// Asks everything of every element.
fn ask_everything(model: &Model) {
    let mut bytes = 0;
    crate::model::dump::dump(model, |line| bytes += line.len());
    assert!(bytes > 0);
    for e in model.elements() {
        let (shape, fillers) = (model.footprint(e), model.fillers(e));
        assert!(shape.is_none_or(|shape| shape.points.len() >= 3));
        assert!(fillers.iter().all(|filler| model.fills(*filler) == Some(e)));
        let area = number(model.quantity(e, "", "NetFloorArea"));
        assert!(area.is_none_or(f64::is_finite));
        assert_eq!(
            model.find(&model.global_id(e)).map(|first| first <= e),
            Some(true)
        );
        if let Some(parent) = model.parent(e) {
            assert!(model.is_live(parent) && parent != e);
        }
    }
}

#[test]
fn every_file_gives_a_model_or_a_typed_error() {
    let Some(folder) = shared() else { return };
    let mut all = Vec::new();
    files(&folder, &mut all);
    assert!(all.len() > 500, "only {} files", all.len());
    let mut refused = Vec::new();
    for path in &all {
        let bytes = std::fs::read(path).expect("a readable file");
        // Cut in the middle, a file is still read.
        let half = bytes.get(..bytes.len() / 2).unwrap_or_default().to_vec();
        for bytes in [bytes, half] {
            match Model::load(bytes) {
                Ok(model) => ask_everything(&model),
                Err(error) => refused.push(format!("{}: {}", path.display(), error.code())),
            }
        }
    }
    eprintln!("{} files, refused: {refused:#?}", all.len());
    assert!(refused.len() < all.len() / 20, "{refused:#?}");
}

#[test]
fn real_models_are_read_whole() {
    let Some(folder) = shared() else { return };
    for (file, doors, spaces, storeys) in [
        ("XbimEssentials__House.ifc", 19, 13, 3),
        ("engine_web-ifc__AC20-FZK-Haus.ifc", 5, 7, 2),
        (
            "georeference-ifc__Duplex_A_20110907_georeferenced.ifc",
            14,
            21,
            4,
        ),
        ("files__revit2012_janesville_restaurant.ifc", 40, 20, 4),
    ] {
        let bytes = std::fs::read(folder.join("ifc").join(file)).expect(file);
        let model = Model::load(bytes).expect(file);
        let all = |class| model.of_class(class);
        assert_eq!(
            (
                all("IfcDoor").len(),
                all("IfcSpace").len(),
                all("IfcBuildingStorey").len()
            ),
            (doors, spaces, storeys),
            "{file}"
        );
        for door in all("IfcDoor") {
            assert!(
                model.storey(door).is_some(),
                "{file}: {}",
                model.global_id(door)
            );
            let width = number(model.attribute(door, "OverallWidth")).expect(file);
            assert!((0.4..5.0).contains(&width), "{file}: {width} m");
        }
        let within: usize = all("IfcBuildingStorey")
            .iter()
            .map(|s| model.within(*s, "IfcDoor").len())
            .sum();
        assert_eq!(within, doors, "{file}");
    }
}
