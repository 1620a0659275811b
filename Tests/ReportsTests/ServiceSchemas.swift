/// What services require of a report, in JSON Schema, written from their documentation.
enum ServiceSchemas {
  /// GitLab's "Code quality report format".
  static let gitlab = """
    {"type": "array", "items": {
      "type": "object",
      "required": ["description", "check_name", "fingerprint", "severity", "location"],
      "properties": {
        "description": {"type": "string", "minLength": 1, "pattern": "^[^\\\\n]*$"},
        "check_name": {"type": "string", "minLength": 1},
        "fingerprint": {"type": "string", "minLength": 1},
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": {"type": "object", "required": ["path", "lines"], "properties": {
          "path": {"type": "string", "pattern": "^(?!\\\\./|/)"},
          "lines": {"type": "object", "required": ["begin"], "properties": {
            "begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer", "minimum": 1}}}}}
      }}}
    """

  /// The messages of reviewdog's `reviewdog.proto`, in their JSON form.
  static let rdjson = """
    {"type": "object", "required": ["source", "diagnostics"], "additionalProperties": false,
     "properties": {
       "source": {"type": "object", "required": ["name"], "additionalProperties": false,
         "properties": {"name": {"type": "string"}, "url": {"type": "string"}}},
       "severity": {"$ref": "#/$defs/severity"},
       "diagnostics": {"type": "array", "items": {
         "type": "object", "required": ["message", "location"], "additionalProperties": false,
         "properties": {
           "message": {"type": "string"}, "location": {"$ref": "#/$defs/location"},
           "severity": {"$ref": "#/$defs/severity"},
           "code": {"type": "object", "additionalProperties": false,
             "properties": {"value": {"type": "string"}, "url": {"type": "string"}}},
           "suggestions": {"type": "array", "minItems": 1, "items": {
             "type": "object", "required": ["range", "text"], "additionalProperties": false,
             "properties": {"range": {"$ref": "#/$defs/range"}, "text": {"type": "string"}}}},
           "related_locations": {"type": "array", "items": {
             "type": "object", "additionalProperties": false, "properties": {
               "message": {"type": "string"}, "location": {"$ref": "#/$defs/location"}}}}}}}},
     "$defs": {
       "severity": {"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]},
       "location": {"type": "object", "required": ["path"], "additionalProperties": false,
         "properties": {"path": {"type": "string", "minLength": 1},
           "range": {"$ref": "#/$defs/range"}}},
       "range": {"type": "object", "required": ["start"], "additionalProperties": false,
         "properties": {"start": {"$ref": "#/$defs/position"},
           "end": {"$ref": "#/$defs/position"}}},
       "position": {"type": "object", "required": ["line"], "additionalProperties": false,
         "properties": {"line": {"type": "integer", "minimum": 1},
           "column": {"type": "integer", "minimum": 1}}}}}
    """

  /// SonarQube's "Generic issue import format" from version 10.3 on.
  static let sonarqube = """
    {"type": "object", "required": ["rules", "issues"], "additionalProperties": false,
     "properties": {
       "rules": {"type": "array", "items": {
         "type": "object",
         "required": ["id", "name", "engineId", "cleanCodeAttribute", "impacts"],
         "additionalProperties": false,
         "properties": {
           "id": {"type": "string"}, "name": {"type": "string"}, "description": {"type": "string"},
           "engineId": {"type": "string"},
           "cleanCodeAttribute": {"enum": ["FORMATTED", "CONVENTIONAL", "IDENTIFIABLE", "CLEAR",
             "LOGICAL", "COMPLETE", "EFFICIENT", "FOCUSED", "DISTINCT", "MODULAR", "TESTED",
             "LAWFUL", "TRUSTWORTHY", "RESPECTFUL"]},
           "impacts": {"type": "array", "minItems": 1, "items": {
             "type": "object", "required": ["softwareQuality", "severity"],
             "properties": {
               "softwareQuality": {"enum": ["SECURITY", "RELIABILITY", "MAINTAINABILITY"]},
               "severity": {"enum": ["BLOCKER", "HIGH", "MEDIUM", "LOW", "INFO"]}}}}}}},
       "issues": {"type": "array", "items": {
         "type": "object", "required": ["ruleId", "primaryLocation"],
         "additionalProperties": false,
         "properties": {
           "ruleId": {"type": "string"}, "effortMinutes": {"type": "integer"},
           "primaryLocation": {"$ref": "#/$defs/location"},
           "secondaryLocations": {"type": "array", "items": {"$ref": "#/$defs/location"}}}}}},
     "$defs": {"location": {
       "type": "object", "required": ["message", "filePath", "textRange"],
       "additionalProperties": false,
       "properties": {"message": {"type": "string"}, "filePath": {"type": "string"},
         "textRange": {"type": "object", "required": ["startLine"], "additionalProperties": false,
           "dependentRequired": {"startColumn": ["endColumn", "endLine"]},
           "properties": {"startLine": {"type": "integer", "minimum": 1},
             "endLine": {"type": "integer", "minimum": 1},
             "startColumn": {"type": "integer", "minimum": 0},
             "endColumn": {"type": "integer", "minimum": 0}}}}}}}
    """
}
