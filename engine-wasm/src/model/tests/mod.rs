//! Tests of the model, one file per subject.
