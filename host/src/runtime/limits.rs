//! What a sandbox may use. Every number has its reason beside it.

use std::time::Duration;

use plancheck_engine::module_file::limits as file;

const MIB: usize = 1 << 20;

/// What modules, the engine and the compiler may use. `Limits::default()` is for production;
/// tests lower single fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of linear memory of a module. A batch of 100 000 rows with 30 columns is 24 MB and
    /// is there two or three times while it is judged.
    pub module_memory: usize,
    /// Bytes of linear memory of an engine session: all that 32 bits can address, because the
    /// largest models in use (about 1 GB of STEP) need 2 to 3 times their size.
    pub engine_memory: usize,
    /// Entries of a function table.
    pub max_table_elements: usize,
    /// For one call of `evaluate` or `derive`. A hundred rules over 100 000 rows take about
    /// 0.2 s; ten times that leaves room for a busy machine.
    pub batch_deadline: Duration,
    /// For `describe`, which only writes a constant text.
    pub describe_deadline: Duration,
    /// For one call of the engine. Reading a model of 1 GB takes about 30 s.
    pub engine_deadline: Duration,
    /// For compiling an untrusted module. An honest one takes 50 ms to 1 s.
    pub compile_timeout: Duration,
    /// For compiling our own engine and modules, which are larger and not hostile, on a machine
    /// that is busy starting everything at once.
    pub trusted_compile_timeout: Duration,
    /// Bytes of heap of the compiling process. Cranelift needs 50 to 150 MB for honest modules.
    pub compile_memory: u64,
    /// Compilations at the same time: uploads must not take the cores from checks.
    pub concurrent_compiles: usize,
    /// Bytes of an untrusted module file. This and the next three are by default what browsers
    /// allow too, see [`plancheck_engine::module_file::limits`].
    pub max_module_bytes: usize,
    /// Bytes of one function body of an untrusted module.
    pub max_function_bytes: usize,
    /// Functions of an untrusted module.
    pub max_functions: usize,
    /// Locals of one function of an untrusted module.
    pub max_locals: u32,
    /// Types, globals, segments, exports, … of an untrusted module, of each kind.
    pub max_items: u32,
    /// Bytes of the text that `describe` returns. 200 rules with a page of 4 kB each are 0.8 MB.
    pub max_manifest_bytes: usize,
    /// Verdicts in one answer; with `detail` there is one for each row and rule.
    pub max_verdicts: usize,
    /// Bytes of all texts in one answer.
    pub max_text_bytes: usize,
    /// Bytes of one answer of a module, copied from its memory into ours, whatever was asked.
    /// A list may be named many times over, so an answer can be larger than the memory it is in.
    pub hostcall_fuel: usize,
    /// Bytes of one answer of the engine: a report over 100 000 elements is about 200 MB.
    pub engine_hostcall_fuel: usize,
    /// Module calls at the same time. A slot reserves address space, and keeps up to 16 MB of
    /// memory once it was used.
    pub concurrent_modules: u32,
    /// Bytes of compiled artefacts kept on disk. An artefact is 100 to 500 kB.
    pub max_cache_bytes: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            module_memory: 256 * MIB,
            engine_memory: 4 << 30,
            max_table_elements: file::MAX_TABLE_ELEMENTS as usize,
            batch_deadline: Duration::from_secs(2),
            describe_deadline: Duration::from_secs(1),
            engine_deadline: Duration::from_secs(120),
            compile_timeout: Duration::from_secs(10),
            trusted_compile_timeout: Duration::from_secs(180),
            compile_memory: 2 << 30,
            concurrent_compiles: 2,
            max_module_bytes: file::MAX_BYTES,
            max_function_bytes: file::MAX_FUNCTION_BYTES as usize,
            max_functions: file::MAX_FUNCTIONS as usize,
            max_locals: file::MAX_LOCALS,
            max_items: 10_000,
            max_manifest_bytes: 4 * MIB,
            max_verdicts: 4_000_000,
            max_text_bytes: 4 * MIB,
            hostcall_fuel: 512 * MIB,
            engine_hostcall_fuel: 2 << 30,
            concurrent_modules: 32,
            max_cache_bytes: 1 << 30,
        }
    }
}
