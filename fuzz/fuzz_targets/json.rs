//! The JSON object model: any bytes give a model or a typed error, and every fact of every element
//! can be asked for.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plancheck_engine::facts::{Reader, facts_of, resolve, subjects};
use plancheck_engine::model::Model;

fuzz_target!(|data: &[u8]| {
    let Ok(model) = Model::load(data.to_vec()) else {
        return;
    };
    let reader = Reader::new(&model);
    for subject in subjects() {
        for element in model.of_class(subject.class).into_iter().take(50) {
            for fact in facts_of(Some(subject)) {
                let _ = resolve(&reader, fact, element);
            }
            let _ = (
                model.storey(element),
                model.materials(element),
                model.property_sets(element),
            );
        }
    }
    let _ = model.digest();
});
