;; Takes 40 MB, more than what the pool keeps mapped, counts in `measured` the 4 kB pages that are
;; not zero, and writes to each of them for the next instance to find.
(func $evaluate (param $asked i32) (result i32)
  (local $answer i32) (local $from i32) (local $page i32) (local $found i32)
  (local.set $answer (call $zeros (i32.const 1)))
  (local.set $from (call $allocate (i32.const 41943040) (i32.const 4096)))
  (local.set $page (local.get $from))
  (loop $next
    (if (i64.ne (i64.load (local.get $page)) (i64.const 0))
      (then (local.set $found (i32.add (local.get $found) (i32.const 1)))))
    (i64.store (local.get $page) (i64.const 0x5ec2e75ec2e75ec2))
    (local.set $page (i32.add (local.get $page) (i32.const 4096)))
    (br_if $next (i32.lt_u (local.get $page) (i32.add (local.get $from) (i32.const 41943040)))))
  (f64.store (i32.const 8) (f64.convert_i32_u (local.get $found)))
  (call $list (i32.const 5) (i32.const 8) (i32.const 1))
  (local.get $answer))
