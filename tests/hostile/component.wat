;; The component around the honest module, by hand: what `wit-component` makes of the world, so that a
;; test can have one line of it otherwise. CODE stands for the core module.
(component
  (type $interface (instance
    (type $bytes (list u8))
    (type $indices (list u32))
    (type $bits (list u64))
    (type $numbers (list f64))
    (type $batch_ (record
      (field "view" u32) (field "rows" u32) (field "layout" $bytes) (field "numbers" $numbers)
      (field "symbols" $indices) (field "text" string) (field "text-ends" $indices)
      (field "parameters" $numbers) (field "detail" bool)))
    (export "batch" (type $batch (eq $batch_)))
    (type $verdicts_ (record
      (field "rule" $indices) (field "row" $indices) (field "kind" $bytes) (field "comparison" $bytes)
      (field "unit" $bytes) (field "measured" $numbers) (field "tolerance" $numbers)
      (field "required" $numbers) (field "facts" $bits) (field "message" $indices)
      (field "arguments" $numbers) (field "argument-ends" $indices)))
    (export "verdicts" (type $verdicts (eq $verdicts_)))
    (type $columns_ (record
      (field "values" $numbers) (field "tolerances" $numbers) (field "facts" $bits)
      (field "text" string) (field "text-ends" $indices)))
    (export "columns" (type $columns (eq $columns_)))))
  (import "plancheck:module/types@1.0.0" (instance $types (type $interface)))
  (alias export $types "batch" (type $batch))
  (alias export $types "verdicts" (type $verdicts))
  (alias export $types "columns" (type $columns))

  CODE
  (core instance $code (instantiate $code))
  (alias core export $code "memory" (core memory $memory))
  (alias core export $code "cabi_realloc" (core func $realloc))
  (alias core export $code "plancheck:module/rules@1.0.0#describe" (core func $describe))
  (alias core export $code "plancheck:module/rules@1.0.0#derive" (core func $derive))
  (alias core export $code "plancheck:module/rules@1.0.0#evaluate" (core func $evaluate))

  (type $indices (list u32))
  (type $of_describe (func (result string)))
  (type $of_derive (func (param "derived" $indices) (param "rows" $batch) (result $columns)))
  (type $of_evaluate (func (param "checks" $indices) (param "rows" $batch) (result $verdicts)))
  (func $describes (type $of_describe) (canon lift (core func $describe)
    (memory $memory) string-encoding=utf8))
  (func $derives (type $of_derive) (canon lift (core func $derive)
    (memory $memory) (realloc $realloc) string-encoding=utf8))
  (func $evaluates (type $of_evaluate) (canon lift (core func $evaluate)
    (memory $memory) (realloc $realloc) string-encoding=utf8))

  (instance $rules
    (export "batch" (type $batch))
    (export "verdicts" (type $verdicts))
    (export "columns" (type $columns))
    (export "describe" (func $describes))
    (export "derive" (func $derives))
    (export "evaluate" (func $evaluates)))
  (export "plancheck:module/rules@1.0.0" (instance $rules)))
