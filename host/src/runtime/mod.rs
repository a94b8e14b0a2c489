//! The sandboxes: the engine and the jurisdiction modules, run by wasmtime.
//!
//! Both are WebAssembly components that import nothing. [`Runtime`] loads them; a [`Module`]
//! judges batches, an [`EngineSession`] holds one model. All of it may be called from any thread,
//! blocks while the guest runs, and returns a typed error whatever the guest does.
//!
//! What lives here: loading (`inspect`, `compile`, `cache`), running (`guard`, `ticker`, `gate`),
//! the two faces (`module`, `engine`), and the components that are built into the program
//! (`embedded`). What must not: HTTP, storage of modules, signatures of publishers, and anything
//! that reads a manifest or a model; the engine does that, inside its sandbox.

mod cache;
mod compile;
pub mod embedded;
mod engine;
mod error;
mod gate;
mod guard;
mod inspect;
mod limits;
mod module;
mod ticker;

use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;

use wasmtime::component::{Component, InstancePre, Linker};
use wasmtime::{Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use cache::{Cache, Key};
use compile::{Budget, Profile};
use gate::Gate;
use guard::{Allowance, Guard};
use ticker::Ticker;

pub use compile::{COMPILE_COMMAND, Compiler, compile_artifact_main};
pub use embedded::{
    embedded_engine, embedded_interpreter, embedded_modules, embedded_rulebooks, embedded_runner,
};
pub use engine::{Answer, Call, EngineComponent, EngineSession, Question};
pub use error::{EngineError, FileError, ModuleError, RuntimeError};
pub use limits::Limits;
pub use module::Module;

/// How a [`Runtime`] works.
#[derive(Clone, Debug)]
pub struct RuntimeConfig {
    /// Where compiled components are kept. The folder is created; it must belong to this user
    /// alone. None: everything is compiled again at every start.
    pub cache_dir: Option<PathBuf>,
    /// Where components are compiled.
    pub compiler: Compiler,
    /// What they may use.
    pub limits: Limits,
}

/// Whose component it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Anybody's: it must keep within the limits that make compiling affordable.
    Untrusted,
    /// Built into the program, or signed by somebody whom the operator trusts. It runs under the
    /// same limits; only the size of the file and of its functions is not limited.
    Trusted,
}

/// Loads components. Cheap to clone; everything ends with the last clone, module and session.
#[derive(Clone)]
pub struct Runtime(Arc<Shared>);

/// What all modules and sessions of a runtime share.
struct Shared {
    limits: Limits,
    compiler: Compiler,
    cache: Cache,
    compiles: Gate,
    /// As many places as the pool of `modules` has.
    calls: Gate,
    modules: Sandbox,
    engines: Sandbox,
    _ticker: Ticker,
}

/// A wasmtime engine, and what its artefacts depend on.
struct Sandbox {
    profile: Profile,
    engine: Engine,
    fingerprint: [u8; 32],
}

impl Runtime {
    /// Reserves address space, opens the cache, starts the clock.
    ///
    /// # Errors
    ///
    /// When the system refuses address space or a thread, or the cache folder is not ours alone.
    pub fn new(config: RuntimeConfig) -> Result<Runtime, RuntimeError> {
        let RuntimeConfig {
            cache_dir,
            compiler,
            limits,
        } = config;
        let setup = |error: wasmtime::Error| RuntimeError::Setup(format!("{error:#}"));
        let modules = Sandbox::new(Profile::Module, Some(pool(&limits))).map_err(setup)?;
        let engines = Sandbox::new(Profile::Engine, None).map_err(setup)?;
        let ticker = Ticker::start(vec![modules.engine.clone(), engines.engine.clone()])
            .map_err(|error| RuntimeError::Setup(format!("no thread for the clock: {error}")))?;
        Ok(Runtime(Arc::new(Shared {
            cache: Cache::open(cache_dir, limits.max_cache_bytes)?,
            compiles: Gate::new(limits.concurrent_compiles),
            calls: Gate::new(limits.concurrent_modules as usize),
            compiler,
            limits,
            modules,
            engines,
            _ticker: ticker,
        })))
    }

    /// Checks, compiles (or takes from the cache) and describes a module.
    ///
    /// # Errors
    ///
    /// Why the module is refused. Every way to refuse an untrusted one is bounded: by the limits
    /// before the compiler starts, then by [`Limits::compile_timeout`] and
    /// [`Limits::describe_deadline`].
    pub fn load_module(&self, bytes: &[u8], trust: Trust) -> Result<Module, ModuleError> {
        Module::load(&self.0, bytes, trust)
    }

    /// Compiles (or takes from the cache) the engine.
    ///
    /// # Errors
    ///
    /// [`EngineError::Load`] when the bytes are no engine that this host can drive.
    pub fn engine(&self, bytes: &[u8]) -> Result<EngineComponent, EngineError> {
        EngineComponent::load(&self.0, bytes).map_err(EngineError::Load)
    }

    /// What this runtime allows.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }
}

/// The pool of module instances.
fn pool(limits: &Limits) -> PoolingAllocationConfig {
    /// Bytes of a slot that stay mapped and are cleared for the next instance. A batch of
    /// 100 000 rows and 6 columns takes 1.5 ms with this, 7 ms with nothing kept (the kernel maps
    /// fresh pages); an empty batch takes 9 µs against 29 µs.
    const KEEP_MEMORY: usize = 16 << 20;
    const KEEP_TABLE: usize = 16 << 10;
    /// Of one component; `inspect` allows as many.
    const PARTS: u32 = 16;
    let slots = limits.concurrent_modules;
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(slots)
        .total_core_instances(slots.saturating_mul(4))
        .total_memories(slots)
        .total_tables(slots.saturating_mul(2))
        .max_core_instances_per_component(PARTS)
        .max_memories_per_component(1)
        .max_tables_per_component(2)
        .max_memory_size(limits.module_memory)
        .table_elements(limits.max_table_elements)
        .linear_memory_keep_resident(KEEP_MEMORY)
        .table_keep_resident(KEEP_TABLE)
        // Clears the pages that were touched, not all that are kept.
        .pagemap_scan(Enabled::Auto);
    pool
}

impl Sandbox {
    fn new(profile: Profile, pool: Option<PoolingAllocationConfig>) -> wasmtime::Result<Sandbox> {
        let mut config = profile.config();
        if let Some(pool) = pool {
            config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        }
        let engine = Engine::new(&config)?;
        let mut hash = Fingerprint(blake3::Hasher::new());
        engine.precompile_compatibility_hash().hash(&mut hash);
        let fingerprint = *hash.0.finalize().as_bytes();
        Ok(Sandbox {
            profile,
            engine,
            fingerprint,
        })
    }
}

/// All that is fed to a hash, as 32 bytes that mean the same in the next process.
struct Fingerprint(blake3::Hasher);

impl Hasher for Fingerprint {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = *self.0.finalize().as_bytes();
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}

impl Shared {
    /// From checked WebAssembly to something that can be instantiated.
    fn prepare(
        &self,
        sandbox: &Sandbox,
        wasm: &[u8],
        trust: Trust,
    ) -> Result<(Component, InstancePre<Guard>), ModuleError> {
        let key = Key::new(wasm, &sandbox.fingerprint);
        let cached = self.cache.load(key).and_then(|artifact| {
            let component = revive(&sandbox.engine, &artifact);
            if component.is_err() {
                self.cache.remove(key);
            }
            component.ok()
        });
        let component = match cached {
            Some(component) => component,
            None => self.compile(sandbox, wasm, trust, key)?,
        };
        // Nothing is linked: what imports anything does not get past this line.
        let pre = Linker::new(&sandbox.engine)
            .instantiate_pre(&component)
            .map_err(|error| ModuleError::malformed(&error))?;
        Ok((component, pre))
    }

    fn compile(
        &self,
        sandbox: &Sandbox,
        wasm: &[u8],
        trust: Trust,
        key: Key,
    ) -> Result<Component, ModuleError> {
        let timeout = match trust {
            Trust::Untrusted => self.limits.compile_timeout,
            Trust::Trusted => self.limits.trusted_compile_timeout,
        };
        let budget = Budget {
            timeout,
            memory: self.limits.compile_memory,
        };
        let artifact = {
            let _pass = self.compiles.enter();
            compile::compile(&self.compiler, sandbox.profile, wasm, budget)?
        };
        let component =
            revive(&sandbox.engine, &artifact).map_err(|error| ModuleError::malformed(&error))?;
        // Only what could be loaded is kept.
        self.cache.store(key, &artifact);
        Ok(component)
    }

    /// What one call of a module may use.
    fn allowance(&self, deadline: std::time::Duration, answer: usize) -> Allowance {
        Allowance {
            memory: self.limits.module_memory,
            table_elements: self.limits.max_table_elements,
            deadline,
            answer,
        }
    }
}

/// Maps machine code. The only place where the host trusts bytes.
#[allow(
    unsafe_code,
    reason = "wasmtime cannot check that machine code came from its compiler"
)]
fn revive(engine: &Engine, artifact: &[u8]) -> wasmtime::Result<Component> {
    // SAFETY: the bytes are what `compile` returned. They come from it directly, or from a cache
    // file in a folder where only this user can write, and whose digest, computed when it was
    // written, was checked over the very bytes that are passed here. Another wasmtime version,
    // another configuration or another processor is part of the file's name, and wasmtime checks
    // it again.
    unsafe { Component::deserialize(engine, artifact) }
}
