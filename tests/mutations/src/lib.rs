//! The mutation benchmark: a passing IFC file is written, a defect is seeded into its text, and the
//! verdict that comes out is held against the one that the code's clause asks for.
//!
//! Nothing here knows how the engine works. [`step`] edits records as text, [`ifc`] knows where IFC
//! keeps properties, types and units, [`building`] writes the passing file. [`table`] says for each
//! rule which value it judges and the limit of the clause, as a number of its own; from it
//! [`mutants`] makes the mutants and what is expected of each. [`special`] has those that no table
//! can say, [`real`] those of models that others made. [`judge`] asks the engine, [`score`] counts.

pub mod benchmark;
pub mod building;
pub mod ifc;
pub mod judge;
pub mod mutants;
pub mod real;
pub mod score;
pub mod special;
pub mod step;
pub mod table;
pub mod units;
