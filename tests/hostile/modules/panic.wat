(func $evaluate (param $asked i32) (result i32) unreachable)
