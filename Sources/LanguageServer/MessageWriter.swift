import Reports
import Synchronization

/// Writes messages to the client, one at a time.
final class MessageWriter: Sendable {
  private let output: @Sendable ([UInt8]) -> Void
  private let turn = Mutex(())

  init(_ output: @escaping @Sendable ([UInt8]) -> Void) { self.output = output }

  func notify(_ method: String, _ parameters: (inout JSONWriter) -> Void) {
    send { message in
      message.member("method", method)
      message.object("params", parameters)
    }
  }

  /// Asks the client for something whose answer does not matter.
  func request(_ method: String, id: String, _ parameters: (inout JSONWriter) -> Void) {
    send { message in
      message.member("id", id)
      message.member("method", method)
      message.object("params", parameters)
    }
  }

  /// Answers a request; `result` writes the value of a member that has been begun.
  func answer(_ id: RequestID, _ result: (inout JSONWriter) -> Void) {
    send { message in
      message.id(id)
      message.key("result")
      result(&message)
    }
  }

  func refuse(_ id: RequestID?, _ code: ErrorCode, _ words: String) {
    send { message in
      message.id(id)
      message.object("error") { error in
        error.member("code", code.rawValue)
        error.member("message", words)
      }
    }
  }

  private func send(_ members: (inout JSONWriter) -> Void) {
    var writer = JSONWriter(indented: false)
    writer.object { message in
      message.member("jsonrpc", "2.0")
      members(&message)
    }
    let body = writer.take()
    turn.withLock { _ in output(Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body) }
  }
}

/// The errors of JSON-RPC 2.0 and of the language server protocol.
enum ErrorCode: Int, Sendable {
  case parseError = -32700
  case invalidRequest = -32600
  case methodNotFound = -32601
  case invalidParams = -32602
  case serverNotInitialized = -32002
  case requestCancelled = -32800
  case requestFailed = -32803
}

extension JSONWriter {
  fileprivate mutating func id(_ id: RequestID?) {
    switch id {
    case .number(let number): member("id", literal: number)
    case .text(let text): member("id", text)
    case nil: member("id", literal: "null")
    }
  }
}
