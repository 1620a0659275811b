#if Certificates
  /// The JSON Schema of our evaluation predicate, as `mira-lint schema evaluation` prints it.
  enum EvaluationSchema {
    static let text = """
      {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An evaluation of a model, as the predicate of an in-toto statement",
        "description": "The statement's subjects are the model's files. predicateType is https://github.com/mira-lint/mira-lint/evaluation/v1.",
        "type": "object",
        "required": ["startedOn", "finishedOn", "environment", "sampling", "prompts", "datasets", "results"],
        "properties": {
          "startedOn": {"type": "string", "format": "date-time", "description": "When the first prompt was sent."},
          "finishedOn": {"type": "string", "format": "date-time", "description": "When the last result was there."},
          "evaluator": {"type": "object", "description": "Who or what evaluated.", "properties": {"id": {"type": "string"}, "version": {"type": "string"}}},
          "environment": {
            "type": "object",
            "description": "What it ran on.",
            "required": ["hardware", "drivers", "frameworks"],
            "properties": {
              "hardware": {"type": "array", "minItems": 1, "description": "Accelerators and machines.", "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "count": {"type": "integer", "minimum": 1}}}},
              "drivers": {"$ref": "#/$defs/versions", "description": "Driver versions by name: cuda, nvidia, rocm."},
              "frameworks": {"$ref": "#/$defs/versions", "description": "Framework versions by name: torch, vllm, lm-eval."},
              "image": {"$ref": "#/$defs/resource", "description": "The container image, by digest."}
            }
          },
          "sampling": {"type": "object", "minProperties": 1, "description": "Temperature, top_p, seed, the longest answer: whatever the model was told."},
          "prompts": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/resource"}, "description": "Prompt templates and logs of prompts, by digest."},
          "datasets": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/resource"}, "description": "What it was evaluated on, by digest."},
          "configuration": {"type": "array", "items": {"$ref": "#/$defs/resource"}, "description": "Configuration files of the evaluation, by digest."},
          "results": {
            "type": "array",
            "minItems": 1,
            "items": {
              "type": "object",
              "required": ["metric", "value"],
              "properties": {
                "metric": {"type": "string"},
                "dataset": {"type": "string", "description": "The name of one of the datasets."},
                "value": {"type": "number"},
                "samples": {"type": "number", "minimum": 1, "description": "How many answers the number is made of."}
              }
            }
          }
        },
        "$defs": {
          "versions": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
          "resource": {
            "type": "object",
            "description": "in-toto's resource descriptor.",
            "required": ["digest"],
            "properties": {
              "name": {"type": "string", "description": "A path from the attestation's folder, or a name."},
              "uri": {"type": "string"},
              "digest": {"type": "object", "minProperties": 1, "additionalProperties": {"type": "string", "pattern": "^[0-9a-fA-F]+$"}}
            },
            "anyOf": [{"required": ["name"]}, {"required": ["uri"]}]
          }
        }
      }

      """
  }
#endif
