(func $evaluate (param $asked i32) (result i32) (local $answer i32)
  (local.set $answer (call $zeros (i32.const 1)))
  (call $list (i32.const 5) (i32.const 0x7ffffff8) (i32.const 2))
  (local.get $answer))
