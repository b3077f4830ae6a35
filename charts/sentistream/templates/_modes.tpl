{{/* The meaning of `auto` on this cluster. */}}
{{- define "sentistream.scaling" -}}
{{- if ne .Values.worker.autoscaling.mode "auto" -}}
{{- .Values.worker.autoscaling.mode -}}
{{- else if .Capabilities.APIVersions.Has "keda.sh/v1alpha1" -}}
keda
{{- else -}}
none
{{- end -}}
{{- end -}}

{{- define "sentistream.scrape" -}}
{{- if ne .Values.monitoring.scrape "auto" -}}
{{- .Values.monitoring.scrape -}}
{{- else if .Capabilities.APIVersions.Has "monitoring.coreos.com/v1" -}}
podMonitor
{{- else -}}
annotations
{{- end -}}
{{- end -}}
