{{/* "true" if a PrometheusRule is wanted and the cluster has its API. */}}
{{- define "sentistream.rules" -}}
{{- with .Values.monitoring.rules.enabled -}}
{{- if eq (toString .) "auto" }}{{ $.Capabilities.APIVersions.Has "monitoring.coreos.com/v1" }}{{ else }}{{ . }}{{ end -}}
{{- end -}}
{{- end -}}

{{/* Whether workers can be added at all. */}}
{{- define "sentistream.canScale" -}}
{{- with .Values.worker.autoscaling -}}
{{- and (ne (include "sentistream.scaling" $) "none") (lt (int .minReplicas) (int .maxReplicas)) -}}
{{- end -}}
{{- end -}}

{{/* An expression with this release's matchers and thresholds. Takes (list $ expression). */}}
{{- define "sentistream.filledIn" -}}
{{- $root := index . 0 -}}
{{- $expr := index . 1 -}}
{{- with $root.Values.monitoring.rules -}}
{{- range $name, $value := dict
  "pods" (include "sentistream.matchers" $root)
  "stream" (include "sentistream.streamMatchers" $root)
  "volumes" (printf `namespace="%s",persistentvolumeclaim=~"data-%s-(valkey|postgresql)-0"` $root.Release.Namespace (include "sentistream.fullname" $root))
  "maxWorkers" $root.Values.worker.autoscaling.maxReplicas
  "backlog" .backlog
  "oldestPostSeconds" .oldestPostSeconds
  "apiErrorShare" .apiErrorShare
  "apiLatencySeconds" .apiLatencySeconds
  "brokerMemoryShare" .brokerMemoryShare -}}
{{- $expr = replace (printf "<%s>" $name) (toString $value) $expr -}}
{{- end -}}
{{- end -}}
{{- $expr -}}
{{- end -}}

{{/* A dashboard with links to the published runbooks; without links if monitoring.runbookUrl is empty. */}}
{{- define "sentistream.withRunbooks" -}}
{{- $root := index . 0 -}}
{{- $text := index . 1 -}}
{{- with $root.Values.monitoring.runbookUrl -}}
{{- replace "\"docs/runbooks/" (printf "\"%s/" (trimSuffix "/" .)) $text | trim -}}
{{- else -}}
{{- $dashboard := mustFromJson $text -}}
{{- range $part := append $dashboard.panels $dashboard -}}
{{- $links := list -}}
{{- range $part.links }}{{ if not (hasPrefix "docs/runbooks/" (default "" .url)) }}{{ $links = append $links . }}{{ end }}{{ end -}}
{{- $_ := set $part "links" $links -}}
{{- end -}}
{{- mustToRawJson $dashboard -}}
{{- end -}}
{{- end -}}
