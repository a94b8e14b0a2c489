//! A check whose time and memory are bounded.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use plancheck_tests::native;

/// For one input. It tells an input that loops from one that is slow, and names it: most take
/// milliseconds, on a machine that does other work too.
const LONGEST: Duration = Duration::from_secs(20);
/// Bytes of memory for each byte of the input, beside the input itself. The models here take 5: the
/// index, the rows and most of all the report. Ten times that is growth that nobody meant.
const FOR_EACH_BYTE: usize = 50;
/// Bytes whatever the input: the manifests and the plan of the ruleset take some 130 kB.
const ANYHOW: usize = 1 << 20;

/// Checks the bytes against the first-party modules. Fails with the input's name when it takes too
/// much time or memory.
pub fn measured(name: &str, bytes: Vec<u8>) -> Result<String, String> {
    let size = bytes.len();
    let (send, answer) = mpsc::channel();
    // A thread of its own: its memory is counted alone, and one that loops does not stop the test.
    let worker = thread::spawn(move || {
        let start = USED.get();
        PEAK.set(start);
        let answer = native::check(bytes, &native::modules());
        let peak = PEAK.get() - start;
        // The other end is gone when the time is over.
        let _ = send.send((answer, peak));
    });
    match answer.recv_timeout(LONGEST) {
        Ok((answer, peak)) => {
            let peak = usize::try_from(peak).unwrap_or(0);
            let limit = FOR_EACH_BYTE * size + ANYHOW;
            assert!(
                peak <= limit,
                "{name}: {peak} bytes of memory for {size} bytes, the limit is {limit}"
            );
            answer
        }
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{name}: no answer within {LONGEST:?}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            let panic = worker.join().expect_err("it sent nothing");
            panic!(
                "{name}: the engine panicked: {:?}",
                panic.downcast_ref::<String>()
            )
        }
    }
}

/// The system's allocator, and how much of it each thread holds.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

thread_local! {
    /// Bytes that this thread holds; below zero where it gave back what others had taken.
    static USED: Cell<isize> = const { Cell::new(0) };
    /// The most that it held.
    static PEAK: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that ends may allocate when its locals are gone; that is not counted.
    let _ = USED.try_with(|used| {
        let now = used.get() + bytes;
        used.set(now);
        let _ = PEAK.try_with(|peak| peak.set(peak.get().max(now)));
    });
}

#[allow(
    unsafe_code,
    reason = "an allocator is unsafe; every call goes to the system's with the same arguments"
)]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: the caller keeps the contract of `alloc`, which is that of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Both may be there while it moves.
        count(size as isize);
        count(-(layout.size() as isize));
        // SAFETY: as above.
        unsafe { System.realloc(at, layout, size) }
    }
}
