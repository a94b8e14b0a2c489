(func $derive (param $asked i32) (result i32)
  (i32.store8 (i32.const 0) (i32.const 255))
  (call $zero_columns (i32.const 0) (i32.const 0) (i32.const 1)))
