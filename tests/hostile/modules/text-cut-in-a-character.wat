;; "ü" is two bytes; the end of the first text is moved between them.
(func $derive (param $asked i32) (result i32) (local $answer i32) (local $ends i32)
  (i32.store16 (i32.const 0) (i32.const 0xbcc3))
  (local.set $answer (call $zero_columns
    (i32.mul (i32.load offset=4 (local.get $asked)) (i32.load offset=12 (local.get $asked)))
    (i32.const 0) (i32.const 2)))
  (local.set $ends (call $allocate (i32.const 8) (i32.const 4)))
  (i32.store (local.get $ends) (i32.const 1))
  (i32.store offset=4 (local.get $ends) (i32.const 2))
  (call $list (i32.const 4) (local.get $ends) (i32.const 2))
  (local.get $answer))
