{{/* Every API pod measures the same stream: max() combines their series. */}}
{{- define "sentistream.matchers" -}}
{{- .Values.monitoring.prometheusMatchers | default (printf `namespace="%s",pod=~"%s-.+"` .Release.Namespace (include "sentistream.fullname" .)) -}}
{{- end -}}

{{- define "sentistream.streamMatchers" -}}
stream="social_posts_stream",group="sentiment_workers",{{ include "sentistream.matchers" . }}
{{- end -}}

{{- define "sentistream.query.backlog" -}}
max(sentistream_stream_backlog{ {{- include "sentistream.streamMatchers" . -}} })
{{- end -}}

{{/* Arriving posts per second from all writers, as counted by the broker. */}}
{{- define "sentistream.query.arrivalRate" -}}
max(rate(sentistream_stream_entries_added{ {{- include "sentistream.streamMatchers" . -}} }[{{ .Values.worker.autoscaling.rateWindow }}]))
{{- end -}}

{{/*
(arrival rate + backlog / drainSeconds) / (capacity of one worker * targetUtilization).
Without arrivals or backlog there is no result, which KEDA takes as an outage; only what workers report has defaults.
*/}}
{{- define "sentistream.query.workersNeeded" -}}
{{- with .Values.worker.autoscaling -}}
({{ include "sentistream.query.arrivalRate" $ }}
+ {{ include "sentistream.query.backlog" $ }} / {{ .drainSeconds }})
/ ({{ .targetUtilization }} * (avg(sentistream_worker_capacity_posts_per_second{ {{- include "sentistream.matchers" $ -}} } > 0) or vector({{ .assumedCapacity }})))
{{- end -}}
{{- end -}}
