  ;; What every module needs. Addresses: 16 manifest (pointer, length), 128 the answer (12 lists),
  ;; 1024 the manifest's text, 65536 the heap.
  (memory (export "memory") 2)
  (global $heap (mut i32) (i32.const 65536))

  ;; Never frees: an instance lives for one call.
  (func $allocate (param $size i32) (param $align i32) (result i32) (local $at i32) (local $missing i32)
    (local.set $at (i32.and (i32.sub (i32.add (global.get $heap) (local.get $align)) (i32.const 1))
                            (i32.sub (i32.const 0) (local.get $align))))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (local.set $missing (i32.sub (i32.add (i32.shr_u (global.get $heap) (i32.const 16)) (i32.const 1))
                                 (memory.size)))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then (if (i32.eq (memory.grow (local.get $missing)) (i32.const -1)) (then unreachable))))
    (local.get $at))

  ;; Writes list `index` of the answer.
  (func $list (param $index i32) (param $at i32) (param $length i32) (local $entry i32)
    (local.set $entry (i32.add (i32.const 128) (i32.mul (local.get $index) (i32.const 8))))
    (i32.store (local.get $entry) (local.get $at))
    (i32.store offset=4 (local.get $entry) (local.get $length)))

  ;; An answer of `count` verdicts that are all zero: rule 0 passes row 0, exactly 0.0, no
  ;; arguments. All lists are the same memory.
  (func $zeros (param $count i32) (result i32) (local $at i32) (local $index i32)
    (local.set $at (call $allocate (i32.mul (local.get $count) (i32.const 8)) (i32.const 8)))
    (loop $next
      (call $list (local.get $index) (local.get $at) (local.get $count))
      (local.set $index (i32.add (local.get $index) (i32.const 1)))
      (br_if $next (i32.lt_u (local.get $index) (i32.const 12))))
    (call $list (i32.const 10) (i32.const 0) (i32.const 0))
    (i32.const 128))

  ;; An answer to `derive` for `count` values that are all zero, no tolerances, `text_length`
  ;; bytes of text at `text`, one end.
  (func $zero_columns (param $count i32) (param $text i32) (param $text_length i32) (result i32) (local $at i32)
    (local.set $at (call $allocate (i32.mul (local.get $count) (i32.const 8)) (i32.const 8)))
    (call $list (i32.const 0) (local.get $at) (local.get $count))
    (call $list (i32.const 2) (local.get $at) (local.get $count))
    (call $list (i32.const 3) (local.get $text) (local.get $text_length))
    (local.set $at (call $allocate (i32.const 4) (i32.const 4)))
    (i32.store (local.get $at) (local.get $text_length))
    (call $list (i32.const 4) (local.get $at) (i32.const 1))
    (i32.const 128))

  (export "plancheck:module/rules@1.0.0#describe" (func $describe))
  (export "plancheck:module/rules@1.0.0#derive" (func $derive))
  (export "plancheck:module/rules@1.0.0#evaluate" (func $evaluate))
  (export "cabi_realloc" (func $realloc))
