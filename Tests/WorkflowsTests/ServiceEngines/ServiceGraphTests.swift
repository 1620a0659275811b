import Testing

/// What each engine's control and data become in the graph.
struct ServiceGraphTests {
  private func expect(
    _ text: String, of engine: String, path: String = "definition.yaml", _ graph: String,
    location: Testing.SourceLocation = #_sourceLocation
  ) {
    let dump = TestDefinition.dump(text, engine: engine, path: path)
    #expect(dump == graph, sourceLocation: location)
  }

  @Test func `a task's output is the next one's input, unless it says otherwise`() {
    expect(
      """
      document: {dsl: 1.0.0, namespace: n, name: w, version: 1.0.0}
      do:
        - ask:
            input: {from: .request}
            call: http
            with: {method: post, endpoint: 'https://a/{id}', body: {q: "${ .question }"}}
            output: {as: .answer}
            export: {as: '$context + {cert: .hash}'}
        - gate:
            switch:
              - yes: {when: $context.cert != null, then: tell}
              - no: {then: exit}
        - tell:
            if: .text != ""
            set: {said: "${ .text }"}
      """, of: "serverless-workflow",
      """
      0 control `w` do
         $ := $workflow.input
         -> 1
      1 action `ask` do.ask
         call http http
           method = "post"
           endpoint = "https://a/{id}"
           body.q = $.request.question
           POST template("https://a/", text($.request.id, null: "")) {q: $.request.question}
         $context := merge([$context, {cert: result.answer.hash}])
         $ := result.answer
         -> 2
      2 branch `gate` do.gate
         ?0 not $context.cert isNull
         -> 3 if ?0
      3 branch `tell` do.tell
         ?0 not $.text equal ""
         -> 4 if ?0
      4 action `tell` do.tell.run
         $ := {said: $.text}
      return at 4: $
      """)
  }

  @Test func `a failed try goes on with what it was given`() {
    expect(
      """
      document: {dsl: 1.0.0, namespace: n, name: w, version: 1.0.0}
      do:
        - attempt:
            try:
              - get: {call: http, with: {endpoint: https://a}}
            catch:
              errors: {with: {status: 503}}
              retry: {limit: {attempt: {count: 2}}}
              do:
                - note: {emit: {event: {with: {type: t, data: "${ $error }"}}}}
        - loop:
            for: {each: x, in: .items}
            do:
              - one: {run: {workflow: {namespace: n, name: sub, input: "${ $x }"}}}
      """, of: "serverless-workflow",
      """
      0 control `w` do
         $ := $workflow.input
         -> 1
      1 control `attempt` do.attempt
         do.attempt.try.$ := $
         -> 5
      2 control `attempt` do.attempt.catch
         do.attempt.catch.$error := unknown()
         do.attempt.catch.do.$ := $
         -> 3
      3 action `note` do.attempt.catch.do.note
         call event emit t
           event.type = "t"
           event.data = do.attempt.catch.$error
         -> 4
      4 control `attempt` do.attempt.catch/1
         $ := do.attempt.catch.do.$
         -> 7
      5 action `get` do.attempt.try.get
         call http http
           endpoint = "https://a"
           GET "https://a"
         do.attempt.try.$ := result
         retry 2 on [503]
         -> 2 failure
         -> 6
      6 control `attempt` do.attempt/1
         $ := do.attempt.try.$
         -> 7
      7 control `loop` do.loop
         do.loop.do.$ := $
         -> 8
      8 control `loop` do.loop/1
         do.loop.do.$x := $.items[each]
         -> 9
         -> 12
      9 control `loop` do.loop/2
         -> 10
      10 action `one` do.loop.do.one
         call flow n/sub
           input = do.loop.do.$x
         do.loop.do.$ := result
         -> 11
      11 control `loop` do.loop/3
         do.loop.rounds := do.loop.do.$
         -> 8
         -> 12
      12 control `loop` do.loop/5
         -> 13
      13 control `loop` do.loop/4
         $ := do.loop.do.$
      return at 13: do.loop.rounds
      gap the workflow `n/sub` is not in sight
      """)
  }

  @Test func `actions of a state write where their filters say`() {
    expect(
      """
      id: w
      specVersion: "0.8"
      start: A
      functions:
        - {name: f, operation: specs/api.yaml#ask}
        - {name: count, type: expression, operation: ".n = .n + 1"}
      errors: [{name: gone, code: "404"}]
      states:
        - name: A
          type: operation
          actions:
            - functionRef: {refName: f, arguments: {q: .question, k: fixed}}
              actionDataFilter: {results: .body, toStateData: .answer}
            - functionRef: count
          onErrors: [{errorRef: gone, transition: C}]
          transition: B
        - name: B
          type: switch
          dataConditions:
            - {condition: .answer.cert != null, transition: C}
            - {condition: .n > 5, end: true}
          defaultCondition: {transition: A}
        - name: C
          type: sleep
          duration: PT5S
          stateDataFilter: {output: "{said: .answer.text}"}
          end: true
      """, of: "serverless-workflow",
      """
      entry 1
      0 control `A` states.A.onErrors[0]
         -> 5
      1 control `A` states.A/1
         -> 2
      2 action `A` states.A.actions[0]/2
         call function specs/api.yaml#ask
           arguments.q = $.question
           arguments.k = "fixed"
         states.A.actions[0].result := result.body
         $.answer := result.body
         -> 0 failure
         -> 3
      3 action `A` states.A.actions[1]/2
         states.A.actions[1].result := merge([$, {n: +([$.n, "1"])}])
         $ := merge([$, merge([$, {n: +([$.n, "1"])}])])
         -> 0 failure
         -> 4
      4 branch `B` states.B/1
         ?0 not $.answer.cert isNull
         ?1 $.n greater "5"
         -> 5 if ?0
         -> 1 if !0 !1
      5 delay `C` states.C/1
         -> 6
      6 control `C` states.C/90
         $ := {said: $.answer.text}
      return at 6: $
      """)
  }

  @Test func `an operation is a request where its document lies beside the definition`() {
    let api = """
      servers: [{url: https://api.example/v1/}]
      paths:
        /answers/{id}:
          post: {operationId: ask}
      """
    let dump = TestDefinition.dump(
      """
      id: w
      specVersion: "0.8"
      functions: [{name: f, operation: specs/api.yaml#ask}]
      states:
        - name: A
          type: operation
          actions: [{functionRef: {refName: f, arguments: {id: .id, q: .q}}}]
          end: true
      """, engine: "serverless-workflow", path: "flows/w.sw.yaml",
      beside: ["flows/specs/api.yaml": api])
    #expect(dump.contains(#"POST template("https://api.example/v1/answers/", $.id)"#), "\(dump)")
  }

  @Test func `subworkflows are read where they are called`() {
    expect(
      """
      main:
        params: [input]
        steps:
          - ask: {call: sub, args: {q: "${input.q}"}, result: r}
          - loop:
              for:
                value: i
                range: [1, 3]
                steps:
                  - look: {call: http.get, args: {url: https://a}, result: s}
                  - done: {switch: [{condition: "${s.body.x != null}", next: break}]}
          - give: {return: "${r.text}"}
      sub:
        params: [q, {level: low}]
        steps:
          - try_it:
              try: {call: http.post, args: {url: https://b, body: {q: "${q}"}}, result: a}
              retry: "${http.default_retry}"
              except: {as: e, steps: [{stop: {raise: "${e}"}}]}
          - back: {return: "${a.body}"}
      """, of: "google-workflows",
      """
      0 control `main` main
         -> 1
      1 control `ask` main.steps.ask
         main.steps.ask/return := null
         main.steps.ask/q := input.q
         main.steps.ask/level := "low"
         -> 4
      2 control `try_it` main.steps.ask.sub.try_it.except
         main.steps.ask.sub.try_it.except/e := unknown()
         -> 3
      3 control `stop` main.steps.ask.sub.try_it.except.stop
      4 action `try_it` main.steps.ask.sub.try_it
         call function http.post
           url = "https://b"
           body.q = main.steps.ask/q
           POST "https://b" {q: main.steps.ask/q}
         main.steps.ask/a := {body: result, code: result.code, headers: result.headers}
         retry 5 on [429, 502, 503, 504]
         -> 2 failure
         -> 5
      5 control `back` main.steps.ask.sub.back
         main.steps.ask/return := main.steps.ask/a.body
         -> 6
      6 control `ask` main.steps.ask/1
         r := main.steps.ask/return
         -> 7
      7 control `loop` main.steps.loop
         -> 8
      8 control `loop` main.steps.loop/1
         main.steps.loop/i := unknown()
         -> 9
      9 control `loop` main.steps.loop/2
         -> 10
      10 action `look` main.steps.loop.for.look
         call function http.get
           url = "https://a"
           GET "https://a"
         s := {body: result, code: result.code, headers: result.headers}
         -> 11
      11 branch `done` main.steps.loop.for.done
         ?0 not s.body.x isNull
         -> 13 if !0
         -> 12 if ?0
      12 control `loop` main.steps.loop/3
         -> 14
      13 control `loop` main.steps.loop/4
         -> 8
         -> 12 timeout
      14 control `give` main.steps.give
      return at 14: r.text
      """)
  }

  @Test func `runAfter says which end of an action another follows`() {
    expect(
      """
      {"definition": {"$schema": "workflowdefinition.json#", "triggers": {"t": {"type": "Request"}}, "actions": {
        "Ask": {"type": "Http", "inputs": {"method": "POST", "uri": "https://a", "body": {"q": "@triggerBody()?['q']"}}},
        "Ok": {"type": "Compose", "inputs": "@{body('Ask')?['x']}!", "runAfter": {"Ask": ["Succeeded"]}},
        "Bad": {"type": "Compose", "inputs": "no", "runAfter": {"Ask": ["Failed"]}},
        "Always": {"type": "If", "expression": {"or": [{"equals": ["@outputs('Ask')?['statusCode']", 200]}, {"not": {"equals": ["@body('Ask')?['c']", null]}}]},
          "actions": {"Stop": {"type": "Terminate", "inputs": {"runStatus": "Failed"}}}, "else": {"actions": {}},
          "runAfter": {"Ok": ["Succeeded", "Skipped"], "Bad": ["Succeeded", "Skipped"]}}}}}
      """, of: "logic-apps", path: "workflow.json",
      """
      0 control `t` triggers
         -> 1
      1 action `Ask` actions.Ask
         call http http
           method = "POST"
           uri = "https://a"
           body.q = trigger.body.q
           POST "https://a" {q: trigger.body.q}
         outputs:ask := {body: result, statusCode: result.statusCode, headers: result.headers}
         -> 2
         -> 3 failure
         -> 7 failure
         -> 8
      2 action `Ok` actions.Ok
         outputs:ok := template(text(outputs:ask.body.x, null: ""), "!")
         -> 7
      3 action `Bad` actions.Bad
         outputs:bad := "no"
         -> 8
      4 branch `Always` actions.Always
         ?0 (outputs:ask.statusCode equal "200" or not outputs:ask.body.c isNull)
         -> 5 if ?0
      5 control `Stop` actions.Always.actions.Stop
      6 control all `Always` actions.Always/20
         -> 4
      7 control `Always` actions.Always/21
         -> 6
      8 control `Always` actions.Always/21
         -> 6
      trigger Request
      """)
  }

  @Test func `a join waits for the branches that it names`() {
    expect(
      """
      {"name": "w", "tasks": [
        {"name": "f", "taskReferenceName": "f", "type": "FORK_JOIN", "forkTasks": [
          [{"name": "a", "taskReferenceName": "a", "type": "SIMPLE", "inputParameters": {"q": "${workflow.input.q}"}}],
          [{"name": "b", "taskReferenceName": "b", "type": "HTTP", "optional": true,
            "inputParameters": {"http_request": {"uri": "https://b", "method": "POST", "body": {"a": "${none.output.x}"}}}}]]},
        {"name": "j", "taskReferenceName": "j", "type": "JOIN", "joinOn": ["b"]},
        {"name": "s", "taskReferenceName": "s", "type": "SWITCH", "evaluatorType": "javascript",
          "inputParameters": {"x": "${b.output.response.body.x}"},
          "expression": "function f() { if ($.x == null) { return 'no'; } return 'yes'; } f();",
          "decisionCases": {"yes": [{"name": "v", "taskReferenceName": "v", "type": "SET_VARIABLE", "inputParameters": {"kept": "${b.output.response.body.x}"}}]},
          "defaultCase": [{"name": "t", "taskReferenceName": "t", "type": "TERMINATE", "inputParameters": {"terminationStatus": "FAILED"}}]}],
        "outputParameters": {"x": "${workflow.variables.kept}"}}
      """, of: "conductor", path: "workflow.json",
      """
      0 control `w` tasks
         -> 1
      1 control `f` tasks.f
         -> 2
         -> 3
      2 action `a` tasks.a
         call function a
           q = workflow.input.q
         output:a := result
      3 action `b` tasks.b
         call http http
           uri = "https://b"
           method = "POST"
           body.a = output:none.x
           POST "https://b" {a: output:none.x}
         output:b := {response: {body: result, statusCode: result.statusCode, headers: result.headers}}
         -> 5
         -> 5 failure
      4 control all `j` tasks.j/1
         output:j := {b: output:b}
         -> 6
      5 control `j` tasks.j/2
         -> 4
      6 branch `s` tasks.s
         output:s := {evaluationResult: [(output:b.response.body.x equal~javaScript null ? "no" : "yes")]}
         ?0 not output:b.response.body.x equal~javaScript null
         -> 7 if ?0
         -> 8 if !0
      7 action `v` tasks.v
         workflow.variables.kept := output:b.response.body.x
         -> 9
      8 control `t` tasks.t
      9 control `outputParameters` outputParameters
      return x at 9: workflow.variables.kept
      dangling none at 3: step
      dangling none
      """)
  }
}
