(func $evaluate (param $asked i32) (result i32) (call $zeros (i32.const 1000000)))
