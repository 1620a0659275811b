/// Messages of services as CloudWatch Logs exports them: what a service logged is a text in each.
///
/// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
package enum CloudWatchLogs: LogReader {
  package static let format = "cloudwatch"
  package static let envelope = EventSchema.Envelope()

  package static let marks = ["logEvents", "logStreamName", "ingestionTime"]

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    HeadValues.contain(in: head) { root in
      events(of: root).contains { event in
        event["message"] != nil
          && (root["logEvents"] != nil || event["logStreamName"] != nil
            || event["ingestionTime"] != nil)
      }
    }
  }

  private static func events(of root: JSONItem) -> [JSONItem] {
    root.first("logEvents", "events")?.items ?? root.elements
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    feed.ordersByTime = true
    DocumentFeed.read(&input, into: &feed) { part, feed in
      let root = part.document.root
      let group = root["logGroup"]?.text
      for event in events(of: root) where !event.isPartial {
        guard let message = event["message"] else { continue }
        let wrapped = WrappedMessage(message)
        if wrapped.isCut {
          feed.damageOfCut(part.place(of: event))
          continue
        }
        var object = wrapped.begin { fields in
          fields.add(LogVocabulary.Envelope.producer, group)
        }
        object.add(time: event["timestamp"], unlessIn: message)
        feed.take(object.finished(message), at: part.place(of: event))
      }
    }
  }
}

/// Logs as Datadog's search gives them: attributes beside a message, and what the service added inside.
///
/// https://docs.datadoghq.com/api/latest/logs/
package enum DatadogLogs: LogReader {
  package static let format = "datadog"
  package static let envelope = EventSchema.Envelope()

  package static let marks = ["attributes", "_id"]

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    HeadValues.contain(in: head) { root in
      if let found = root["data"] {
        return found.items.contains {
          $0["type"]?.text == "log" && $0["attributes"]?.isObject == true
        }
      }
      return root.elements.contains(where: isArchived)
    }
  }

  /// Whether a record is one of an archive, which has at its top what a search's answer has in its attributes.
  private static func isArchived(_ log: JSONItem) -> Bool {
    log["_id"] != nil && log["date"] != nil && log["message"] != nil
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    feed.ordersByTime = true
    DocumentFeed.read(&input, into: &feed) { part, feed in
      let root = part.document.root
      for log in root["data"]?.items ?? root.elements where !log.isPartial {
        let attributes = isArchived(log) ? log : log["attributes"] ?? log
        let inner = attributes["attributes"]
        let message = attributes["message"]
        let content = inner?.isObject == true && inner?.members.isEmpty == false ? inner : message
        guard let content = content ?? message else { continue }
        let wrapped = WrappedMessage(content)
        if wrapped.isCut {
          feed.damageOfCut(part.place(of: log))
          continue
        }
        var object = wrapped.begin { fields in
          fields.add(LogVocabulary.Envelope.producer, attributes["service"])
          if let message, let text = WrappedMessage(message).inner { fields.addMembers(of: text) }
        }
        object.add(time: attributes.first("timestamp", "date"), unlessIn: content)
        var done = object.finished(content)
        if wrapped.name == nil, let message {
          done.add(
            LogVocabulary.Envelope.name, WrappedMessage(message).name ?? message.text)
        }
        feed.take(done, at: part.place(of: log))
      }
    }
  }
}

/// Loki's query results, push requests, and the lines of `logcli --output=jsonl`.
///
/// https://grafana.com/docs/loki/latest/reference/loki-http-api/
package enum LokiLogs: LogReader {
  package static let format = "loki"
  package static let envelope = EventSchema.Envelope()

  package static let marks = ["stream", "line"]

  package static func recognizes(_ head: Span<UInt8>) -> Bool {
    HeadValues.contain(in: head) { root in
      root["line"]?.text != nil && root["labels"]?.isObject == true
        || streams(of: root).contains { $0["stream"] != nil && $0["values"]?.isList == true }
    }
  }

  private static func streams(of root: JSONItem) -> [JSONItem] {
    (root["data"]?["result"] ?? root["result"] ?? root["streams"])?.items ?? []
  }

  package static func read(_ input: inout LogInput, into feed: inout LogFeed) {
    feed.ordersByTime = true
    DocumentFeed.read(&input, into: &feed) { part, feed in
      let root = part.document.root
      if let line = root["line"] {
        take(line, time: root["timestamp"], labels: root["labels"], extra: nil, root, part, &feed)
        return
      }
      for stream in streams(of: root) {
        for value in stream["values"]?.items ?? [] where !value.isPartial {
          let parts = value.items
          guard parts.count >= 2 else { continue }
          take(
            parts[1], time: parts[0], labels: stream["stream"],
            extra: parts.count > 2 ? parts[2] : nil, value, part, &feed)
        }
      }
    }
  }

  private static func take(
    _ line: JSONItem, time: JSONItem?, labels: JSONItem?, extra: JSONItem?, _ whole: JSONItem,
    _ part: DocumentFeed.Part, _ feed: inout LogFeed
  ) {
    let wrapped = WrappedMessage(line)
    if wrapped.isCut { return feed.damageOfCut(part.place(of: whole)) }
    var object = wrapped.begin { fields in
      if let labels { fields.addMembers(of: labels) }
      let service = labels?.first("service_name", "service", "app", "job")
      fields.add(LogVocabulary.Envelope.producer, service)
      if let extra { fields.addMembers(of: extra) }
    }
    object.add(time: time, unlessIn: line)
    feed.take(object.finished(line), at: part.place(of: whole))
  }
}
