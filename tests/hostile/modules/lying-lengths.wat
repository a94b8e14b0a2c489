(func $evaluate (param $asked i32) (result i32) (local $answer i32)
  (local.set $answer (call $zeros (i32.const 1)))
  (call $list (i32.const 2) (i32.const 0) (i32.const 3))
  (local.get $answer))
