import Rules
import Synchronization

/// The rules' sentences, each taken apart once.
final class SentenceStore: Sendable {
  private let templates = Mutex<[String: MessageTemplate]>([:])

  func template(_ sentence: String) -> MessageTemplate {
    templates.withLock { templates in
      if let known = templates[sentence] { return known }
      let template = MessageTemplate(sentence)
      templates[sentence] = template
      return template
    }
  }
}
